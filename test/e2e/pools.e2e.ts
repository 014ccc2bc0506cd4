/**
 * 10,000 tasks in a whole VS Code: the pools' page, down to a task, against the program's own count of its workers'
 * tasks.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { until } from '../shared/until';
import { type Code, openCode, ROOT } from './harness';
import { ALL, pictures } from './looks';

const PROGRAM = 'pool_ten_thousand.py';
const TASKS = 10_000;

interface ShownTask {
  readonly state: string;
  readonly function: string;
  readonly worker: string;
  readonly result: string;
}

/** Every row of the table, read by scrolling through it. */
function readRows(panel: Frame, total: number): Promise<ShownTask[]> {
  return panel.evaluate(async (total) => {
    const body = document.querySelector('.tasks .body') as HTMLElement;
    const found = new Map<number, ShownTask>();
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    // As in a very tall window: fewer steps.
    body.style.flex = 'none';
    body.style.height = '6000px';
    body.scrollTop = 0;
    const end = Date.now() + 150_000;
    while (found.size < total && Date.now() < end) {
      await frame();
      const rows = [...body.querySelectorAll<HTMLElement>('.row')];
      const here = rows.filter((row) => row.querySelector('.loading') === null);
      const text = (row: HTMLElement, name: string) => row.querySelector(`.${name}`)?.textContent ?? '';
      for (const row of here)
        found.set(Number(row.getAttribute('aria-rowindex')), {
          state: row.querySelector('svg')?.getAttribute('aria-label') ?? '',
          function: text(row, 'function'),
          worker: text(row, 'worker'),
          result: text(row, 'result'),
        });
      // Continues only when the rows of this position were read, from the first to the last that fits.
      const last = Math.max(0, ...here.map((row) => Number(row.getAttribute('aria-rowindex')) - 2));
      if (rows.length > 0 && here.length === rows.length) body.scrollTop = (last - 2) * 22;
    }
    body.style.flex = body.style.height = '';
    return [...found.entries()].sort(([a], [b]) => a - b).map(([, task]) => task);
  }, total);
}

const shownCount = (panel: Frame) => panel.locator('.tasks .shown').innerText();

const SHOWN = ALL ?? (['dark', 'light'] as const);

describe('pools in VS Code', function () {
  this.timeout(240_000);
  let code: Code;
  let panel: Frame;
  before(async () => {
    code = await openCode({
      settings: { 'forkscope.console': 'internalConsole', 'debug.internalConsoleOptions': 'neverOpen' },
    });
    const source = readFileSync(join(ROOT, 'test/programs', PROGRAM), 'utf8');
    writeFileSync(
      join(code.folder, PROGRAM),
      source
        .replace('sys.argv[1]', '"fork"')
        .replace('print(json.dumps(did))', 'json.dump(did, open("did.json", "w"))'),
    );
    await code.page.locator('.activitybar [aria-label*="Forkscope"]').first().click();
    await code.run(PROGRAM);
    panel = await code.panel();
    await panel.locator('#tab-pools').click();
  });
  after(async () => {
    await code?.close();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await code.screenshot('failed-pools');
  });

  it('every task is in the table, with the worker that ran it', async () => {
    await until(
      'the end of the program',
      async () => existsSync(join(code.folder, 'did.json')) && (await shownCount(panel)),
      (shown) => shown === '10,000 tasks',
      90_000,
    );
    await until(
      'its end in the tree',
      () => code.tree('Processes'),
      (rows) => rows.some((row) => row.level === 1 && /exited with code 0/.test(row.description)),
    );
    const did = JSON.parse(readFileSync(join(code.folder, 'did.json'), 'utf8')) as Record<string, [number, number]>;
    const workers = await panel.locator('.workers tbody tr').evaluateAll((rows) =>
      rows.map((row) => ({
        name: row.querySelector('th button')?.textContent ?? '',
        pid: /\d+/.exec(row.querySelector('th small')?.textContent ?? '')?.[0] ?? '',
        done: Number(row.querySelector('td:nth-child(4)')?.firstChild?.textContent?.replace(/,/g, '')),
        failed: Number(row.querySelector('td:nth-child(5)')?.textContent?.replace(/,/g, '')),
      })),
    );
    // The workers' rows against the program's count.
    const worked = workers.filter((each) => each.done + each.failed > 0);
    assert.deepEqual(Object.fromEntries(worked.map((each) => [each.pid, [each.done, each.failed]])), did);

    // All rows of tasks.
    const tasks = await readRows(panel, TASKS);
    assert.equal(tasks.length, TASKS);
    const pidOf = new Map(workers.map((each) => [each.name, each.pid]));
    const seen: Record<string, [number, number]> = {};
    for (const task of tasks) {
      const pid = pidOf.get(task.worker) ?? task.worker;
      seen[pid] ??= [0, 0];
      (seen[pid] as [number, number])[task.state === 'failed' ? 1 : 0]++;
      if (!task.function.startsWith('item')) {
        assert.equal(task.result, task.state === 'failed' ? `ValueError(${pid})` : pid);
      }
    }
    assert.deepEqual(seen, did);
    const chunks = tasks.filter((each) => /chunk of 50 items/.test(each.function));
    assert.equal(chunks.length, 180);
  });

  it('the tree has the pool and its workers, and leads to their tasks', async () => {
    const rows = await until(
      'the pool in the tree',
      () => code.tree('Pools'),
      (found) => found.some((row) => row.level === 3),
    );
    const pool = rows.find((row) => row.level === 2);
    assert.deepEqual([pool?.label, pool?.description], ['pool', 'Pool · closed · 9880 done · 120 failed']);
    const [worker] = rows.filter((row) => row.level === 3);
    assert.match(worker?.description ?? '', /^ended · \d+ done/);
    await panel.locator('#tab-messages').click();
    await panel.locator('.messages .row').first().waitFor();
    await pictures(code, 'messages', SHOWN);
    const pane = code.page.locator('.pane', { has: code.page.locator('.pane-header', { hasText: 'Pools' }) });
    await pane
      .locator('.monaco-list-row', { hasText: worker?.label ?? '' })
      .first()
      .click();
    const ended = [...(worker?.description ?? '').matchAll(/(\d+) (?:done|failed)/g)];
    const number = ended.reduce((sum, each) => sum + Number(each[1]), 0);
    await until(
      'its tasks',
      () => panel.locator('.tasks .shown').allInnerTexts(),
      ([shown]) => shown === `${number} tasks`,
    );
    await panel.locator('.tasks .filters button', { hasText: 'Clear Filters' }).click();
  });

  it('the debug console can be hidden', async () => {
    const part = code.page.locator('.part.panel');
    if (await part.isVisible()) await code.command('View: Hide Panel');
    await part.waitFor({ state: 'hidden' });
  });

  it('filters and sorts, and shows a failure with its worker’s traceback', async () => {
    await panel.locator('select[aria-label="State"]').selectOption('failed');
    await until(
      'the failed ones',
      () => shownCount(panel),
      (shown) => shown === '120 tasks',
    );
    await panel.locator('.tasks .head .sort', { hasText: 'Run time' }).click();
    await panel.locator('[role=columnheader][aria-sort=descending]', { hasText: 'Run time' }).waitFor();
    await panel.locator('.tasks .body .row.failed').first().click();
    const details = panel.locator('.tasks .details');
    await details.locator('.outcome', { hasText: 'ValueError' }).waitFor();
    const traceback = await details.locator('.traceback').innerText();
    assert.match(traceback, /in (call|single)\n\s+raise ValueError\(os\.getpid\(\)\)/);
    await pictures(code, 'pools', SHOWN);

    // To the line of the failure, to the submitting call, and by keyboard to the next row.
    await details.locator('.traceback button', { hasText: PROGRAM }).first().click();
    await until(
      'the line of the failure',
      () => code.page.locator('.statusbar [id="status.editor.selection"]').innerText(),
      (text) => /Ln (15|25),/.test(text),
    );
    const before = await details.getAttribute('aria-label');
    await panel.locator('.tasks [role=grid]').focus();
    await panel.locator('.tasks [role=grid]').press('ArrowDown');
    await until(
      'another task',
      () => details.getAttribute('aria-label'),
      (label) => label !== before && label !== 'Task',
    );
    await panel.locator('.tasks [role=grid]').press('Escape');
    await details.waitFor({ state: 'detached' });
    await panel.locator('.tasks .filters button', { hasText: 'Clear Filters' }).click();
    await until(
      'all of them',
      () => shownCount(panel),
      (shown) => shown === '10,000 tasks',
    );
    await panel.locator('input[type=search]').fill('199, step');
    await until(
      'the one with this argument',
      () => shownCount(panel),
      (shown) => shown === '1 task',
    );
  });
});
