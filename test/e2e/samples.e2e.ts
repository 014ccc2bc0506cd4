/**
 * Every sample in a whole VS Code: the contents of the real tree and panel, live and at the end, with screenshots in
 * the dark and the light theme (test/e2e/screenshots).
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../shared/until';
import { type Code, openCode, type Row } from './harness';
import { ALL, pictures } from './looks';

const find = (rows: readonly Row[], label: RegExp) => rows.filter((each) => label.test(each.label));
const shown = (rows: readonly Row[]) => rows.map((each) => `${each.label} · ${each.description}`).join('\n');

/** Closes ended sessions, opens the sample and runs it as a user does. */
async function start(code: Code, sample: string): Promise<void> {
  if ((await code.tree('Processes')).length > 0) await code.command('Close All Ended Sessions');
  await until(
    'an empty view',
    () => code.tree('Processes'),
    (rows) => rows.length === 0,
  );
  await code.run(sample);
  await until(
    `${sample} in the tree`,
    () => code.tree('Processes'),
    (rows) => rows.some((row) => row.label === sample && row.level === 2),
  );
}

async function ended(code: Code, sample: string): Promise<readonly Row[]> {
  return until(
    `the end of ${sample}`,
    () => code.tree('Processes'),
    (rows) => /^exited/.test(rows.find((row) => row.label === sample && row.level === 1)?.description ?? ''),
    60_000,
  );
}

async function cards(code: Code): Promise<string[]> {
  return (await code.panel()).locator('.card').allInnerTexts();
}
async function messages(code: Code): Promise<string[]> {
  return (await code.panel()).locator('.body .row').allInnerTexts();
}

describe('samples in VS Code', function () {
  this.timeout(240_000);
  let code: Code;
  before(async () => {
    code = await openCode({
      settings: { 'forkscope.console': 'internalConsole', 'debug.internalConsoleOptions': 'neverOpen' },
    });
    await code.page.locator('.activitybar [aria-label*="Forkscope"]').first().click();
  });
  after(async () => {
    await code?.close();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed')
      await code.screenshot(`failed-${this.currentTest.title.replace(/\W+/g, '-').slice(0, 40)}`);
  });

  it('shows what to do when nothing runs', async () => {
    const pane = code.page.locator('.pane', { hasText: 'Processes' }).first();
    await pane.locator('text=Open a Sample').waitFor();
    assert.match(await pane.innerText(), /Open a Python file to run it with Forkscope/);
    await code.screenshot('empty-dark');
  });

  it('fork.py: two children, and how each ended', async () => {
    await start(code, 'fork.py');
    await until(
      'two forks',
      () => code.tree('Processes'),
      (rows) => find(rows, /^fork of fork\.py$/).length === 2,
    );
    const rows = await ended(code, 'fork.py');
    const forks = find(rows, /^fork of fork\.py$/);
    assert.deepEqual(
      forks.map((each) => [each.level, /exited with code \d/.exec(each.description)?.[0]]),
      [
        [3, 'exited with code 0'],
        [3, 'exited with code 3'],
      ],
      shown(rows),
    );
  });

  it('process.py: one exits with 0, one by a signal, one by an exception', async () => {
    await start(code, 'process.py');
    await until(
      'three workers',
      () => code.tree('Processes'),
      (rows) => find(rows, /^(steady|impatient|clumsy)$/).length === 3,
    );
    const rows = await ended(code, 'process.py');
    const end = (name: string) => rows.find((each) => each.label === name)?.description ?? '';
    assert.match(end('steady'), /exited with code 0/);
    assert.match(end('impatient'), /killed by SIGTERM/);
    assert.match(end('clumsy'), /exited with code 1/);
    await code.screenshot('process-dark');
  });

  it('pool.py: three workers under the program', async () => {
    await start(code, 'pool.py');
    await until(
      'three workers',
      () => code.tree('Processes'),
      (rows) => find(rows, /PoolWorker-\d$/).length === 3,
    );
    const rows = await ended(code, 'pool.py');
    assert.ok(
      find(rows, /PoolWorker-\d$/).every((each) => each.level === 3),
      shown(rows),
    );
  });

  it('queue.py: the queue fills to its capacity live; every message, Full and Empty are shown', async () => {
    // The copy of this window takes nothing from the full queue until it was seen.
    const queue = join(code.folder, 'queue.py');
    const source = readFileSync(queue, 'utf8');
    const held = source.replace('time.sleep(0.2)', 'while not os.path.exists("seen"): time.sleep(0.2)');
    assert.notEqual(held, source);
    writeFileSync(queue, held);
    await start(code, 'queue.py');
    await until(
      'a full queue in the tree',
      () => code.tree('Channels'),
      (rows) => /^3\/3/.test(rows.find((row) => row.label === 'tasks')?.description ?? ''),
    );
    await until(
      'a full queue in the panel',
      () => cards(code),
      (texts) => texts.some((text) => text.includes('tasks') && text.includes('3/3')),
    );
    await until(
      'a blocked process',
      () => code.tree('Processes'),
      (rows) => rows.some((row) => /blocked in (tasks\.put|tasks\.get|results\.get)\(\)/.test(row.description)),
    );
    await code.screenshot('queue-dark');
    writeFileSync(join(code.folder, 'seen'), '');
    await ended(code, 'queue.py');
    const texts = await until(
      'all puts',
      () => cards(code),
      (all) => all.some((text) => /tasks/.test(text) && /13 in · 13 out/.test(text)),
    );
    assert.match(texts.find((text) => text.includes('tasks')) ?? '', /peak 3[\s\S]*Full \d+/);
    assert.match(texts.find((text) => text.includes('results')) ?? '', /12 in · 12 out[\s\S]*Empty \d+/);
    const panel = await code.panel();
    await panel.locator('.card', { hasText: 'tasks' }).click();
    await until(
      '13 messages of tasks',
      async () => panel.locator('.shown').innerText(),
      (text) => text === '13 messages',
    );
    assert.match((await messages(code))[0] ?? '', /producer → consumer[\s\S]*\{'id': 0, 'text': 'task number 0'\}/);
  });

  it('pipe.py: a message with its payload, both lines and its times', async () => {
    await start(code, 'pipe.py');
    await ended(code, 'pipe.py');
    const texts = await until(
      'both pipes',
      () => cards(code),
      (all) => all.length === 2 && all.every((text) => !text.includes(' 0 sent')),
    );
    assert.match(texts.join('\n'), /EOFError 1/);
    const panel = await code.panel();
    await until(
      '9 messages',
      async () => panel.locator('.shown').innerText(),
      (text) => text === '9 messages',
    );
    await panel.locator('.body .row', { hasText: "'answer': 16" }).click();
    await panel.locator('.details .link').first().waitFor();
    const details = await panel.locator('.details').innerText();
    assert.match(details, /answers \(pid \d+\) pipe\.py:17/);
    assert.match(details, /pipe\.py \(pid \d+\) pipe\.py:37/);
    assert.match(details, /'how long is this'/);
    await code.screenshot('pipe-dark');
    await panel.locator('.details .link').first().click();
    await code.page.locator('.tab.active', { hasText: 'pipe.py' }).waitFor();
  });

  it('the list is navigated by keyboard, and says when no messages match the filters', async () => {
    const panel = await code.panel();
    await panel.locator('.list').focus();
    await panel.locator('.list').press('Home');
    await until(
      'the first message',
      async () => panel.locator('.body .row.selected').allInnerTexts(),
      (rows) => rows.length === 1 && /'how long is this'/.test(rows[0] ?? ''),
    );
    await panel.locator('.list').press('ArrowDown');
    await until(
      'the second message',
      async () => panel.locator('.body .row.selected').allInnerTexts(),
      (rows) => /'answer': 16/.test(rows[0] ?? ''),
    );
    await panel.locator('input[type=search]').fill('no such payload');
    await panel.locator('text=No messages match the filters.').waitFor();
    await panel.locator('button', { hasText: 'Clear Filters' }).click();
    await until(
      '9 messages again',
      async () => panel.locator('.shown').innerText(),
      (text) => text === '9 messages',
    );
  });

  it('pipeline.py: everything at once', async () => {
    await start(code, 'pipeline.py');
    await until(
      'all processes',
      () => code.tree('Processes'),
      (rows) => find(rows, /^(reader|parser-1|parser-2|reporter|.*PoolWorker-\d)$/).length === 6,
    );
    await until(
      'its channels',
      () => code.tree('Channels'),
      (rows) => find(rows, /^(lines|words|scores_out → scores_in)$/).length === 3,
    );
    await until(
      'messages',
      async () => (await messages(code)).length,
      (count) => count > 5,
    );
    await code.screenshot('pipeline-live');
    await ended(code, 'pipeline.py');
    await until(
      'all of them',
      () => cards(code),
      (texts) => ['38 in · 38 out', '36 sent · 36 received'].every((part) => texts.some((text) => text.includes(part))),
    );
  });

  it('stop ends all processes', async () => {
    await start(code, 'process.py');
    await until(
      'three workers',
      () => code.tree('Processes'),
      (rows) => find(rows, /^(steady|impatient|clumsy)$/).length === 3,
    );
    await code.command('Forkscope: Stop');
    const rows = await until(
      'the end of all',
      () => code.tree('Processes'),
      (all) =>
        all.length > 0 && all.filter((row) => row.level >= 2).every((row) => /exited|killed/.test(row.description)),
    );
    assert.match(shown(rows), /impatient · killed by SIGTERM · pid \d+/);
  });

  it('pipeline.py: the panel with a message, in every look', async () => {
    await start(code, 'pipeline.py');
    await until(
      'messages',
      async () => (await messages(code)).length,
      (count) => count > 10,
    );
    await code.command('View: Hide Panel');
    const panel = await code.panel();
    await panel.locator('.body .row').first().click();
    await panel.locator('.details .link').first().waitFor();
    await pictures(code, 'pipeline', ALL ?? ['dark', 'light', 'contrast']);
    await ended(code, 'pipeline.py');
  });

  it('pipeline.py: the timeline, its cursor and its keys', async () => {
    const panel = await code.panel();
    await panel.locator('#tab-timeline').click();
    const lanes = panel.locator('.tl-name.lane');
    await until(
      'a lane for each process',
      () => lanes.allInnerTexts(),
      (texts) => ['reader', 'parser-1', 'reporter'].every((name) => texts.some((text) => text.includes(name))),
    );
    assert.deepEqual(
      (await panel.locator('.tl-name.strip .tl-channel').allInnerTexts()).map((text) => text.split('\n')[0]),
      ['lines', 'words', 'scores_out → scores_in'],
    );
    const plot = panel.locator('.tl-plot');
    await plot.focus();
    const cursor = async () => Number(await plot.getAttribute('aria-valuenow'));
    const end = await cursor();
    await plot.press('ArrowLeft');
    const before = await until('the cursor', cursor, (at) => at < end);
    await plot.press('ArrowLeft');
    await until('the cursor further left', cursor, (at) => at < before);
    await until(
      'what everything was like at the cursor',
      () => panel.locator('.tl-moment tbody th').allInnerTexts(),
      (names) => ['reader', 'lines'].every((name) => names.includes(name)),
    );
    await pictures(code, 'timeline', ALL ?? ['dark', 'light', 'contrast']);
    const axis = () => panel.locator('.tl-axis span:not(.tl-cursor)').allInnerTexts();
    const whole = await axis();
    await plot.press('w');
    await until('other times on the axis', axis, (marks) => marks.join() !== whole.join());
    await plot.press('0');
    await until('the whole run', axis, (marks) => marks.join() === whole.join());
    await plot.press('Escape');
    await panel.locator('.tl-moment').waitFor({ state: 'detached' });
    await panel.locator('#tab-messages').click();
  });
});
