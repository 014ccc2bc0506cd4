/**
 * Recovery: the language server killed while a program runs, the window reloaded, a run saved and reopened. The program
 * continues until a file appears, so that each test sees it live.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../shared/until';
import { type Code, languageServers, openCode, type Row } from './harness';

const PROGRAM = `import multiprocessing
import os
import time


def consume(tasks):
    while tasks.get() is not None:
        pass


if __name__ == "__main__":
    tasks = multiprocessing.Queue()
    consumer = multiprocessing.Process(target=consume, args=(tasks,), name="consumer")
    consumer.start()
    number = 0
    while not os.path.exists("enough"):
        number += 1
        tasks.put({"number": number})
        time.sleep(0.02)
    tasks.put(None)
    consumer.join()
    with open("sent", "w") as file:
        file.write(str(number + 1))
`;

describe('recovery in VS Code', function () {
  this.timeout(240_000);
  let code: Code;
  const puts = async () => {
    const row = (await code.tree('Channels')).find((each) => each.label === 'tasks');
    return Number(/(\d+) put/.exec(row?.description ?? '')?.[1] ?? -1);
  };
  const alive = (rows: readonly Row[]) =>
    rows.some((row) => row.label === 'goes_on.py' && row.level === 2) &&
    rows.some((row) => row.label === 'consumer' && row.level === 3);

  before(async () => {
    code = await openCode({
      settings: { 'forkscope.console': 'internalConsole', 'debug.internalConsoleOptions': 'neverOpen' },
    });
    writeFileSync(join(code.folder, 'goes_on.py'), PROGRAM);
    await code.page.locator('.activitybar [aria-label*="Forkscope"]').first().click();
    await code.run('goes_on.py');
    await until('both processes', () => code.tree('Processes'), alive);
    await until('messages', puts, (count) => count > 5);
  });
  after(async () => {
    if (code !== undefined) writeFileSync(join(code.folder, 'enough'), '');
    await code?.close();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed')
      await code.screenshot(`failed-${this.currentTest.title.replace(/\W+/g, '-').slice(0, 40)}`);
  });

  it('a killed server is restarted and shows everything from the beginning', async () => {
    const panel = await code.panel();
    const before = await puts();
    const [killed] = languageServers();
    assert.ok(killed, 'there is a language server');
    process.kill(killed, 'SIGKILL');
    await until(
      'another server',
      async () => languageServers(),
      (pids) => pids.length === 1 && pids[0] !== killed,
    );
    await until('more messages in the tree', puts, (count) => count > before + 5);
    await until('both processes', () => code.tree('Processes'), alive);
    await until(
      'the messages in the panel',
      () => panel.locator('.body .row').allInnerTexts(),
      (rows) => rows.some((row) => row.includes("{'number': ")),
    );
  });

  it('a reloaded window shows the running program again, with the panel as before', async () => {
    const panel = await code.panel();
    await panel.locator('input[type=search]').fill("'number': 3}");
    await until(
      'the filtered list',
      () => panel.locator('.body .row').allInnerTexts(),
      (rows) => rows.length === 1 && /'number': 3\}/.test(rows[0] ?? ''),
    );
    const before = await puts();
    await Promise.all([code.page.waitForEvent('load'), code.command('Developer: Reload Window')]);
    await code.page.locator('.monaco-workbench .activitybar').waitFor({ timeout: 60_000 });
    await until('both processes', () => code.tree('Processes'), alive, 60_000);
    await until('more messages', puts, (count) => count > before);
    const again = await code.panel();
    await until(
      'the filtered list, as it was',
      () => again.locator('.body .row').allInnerTexts(),
      (rows) => rows.length === 1 && /'number': 3\}/.test(rows[0] ?? ''),
    );
    await code.screenshot('reloaded-dark');
  });

  it('a run is saved, closed and reopened', async () => {
    writeFileSync(join(code.folder, 'enough'), '');
    const over = (rows: readonly Row[]) => /^exited/.test(rows.find((row) => row.level === 1)?.description ?? '');
    await until('the end', () => code.tree('Processes'), over);
    const sent = Number(readFileSync(join(code.folder, 'sent'), 'utf8'));
    await until('every message', puts, (count) => count === sent);
    const file = join(code.folder, 'run.forkscope');
    const input = code.page.locator('.quick-input-widget input').first();
    await code.command('Save Recording');
    await until(
      'the question where to',
      () => input.inputValue(),
      (value) => value.includes('/'),
    );
    await input.fill(file);
    await input.press('Enter');
    await until('the recording', async () => existsSync(file), Boolean);
    await code.command('Close All Ended Sessions');
    await until(
      'an empty view',
      () => code.tree('Processes'),
      (rows) => rows.length === 0,
    );
    await code.command('Open Recording');
    await until(
      'the question which',
      () => input.inputValue(),
      (value) => value.includes('/'),
    );
    await input.fill(file);
    await input.press('Enter');
    await until('the run', () => code.tree('Processes'), alive);
    await until('every message', puts, (count) => count === sent);
  });
});
