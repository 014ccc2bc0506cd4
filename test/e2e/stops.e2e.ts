/**
 * A paused process in the panel and the tree, the actions on it there, and the end of VS Code's extension host
 * meanwhile.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../shared/until';
import { Debugger } from './debugger';
import { type Code, openCode } from './harness';

const PROGRAM = `import multiprocessing
import pathlib


def consume(tasks, results):
    while True:
        item = tasks.get()
        if item is None:
            break
        results.put(item)


if __name__ == "__main__":
    tasks = multiprocessing.Queue()
    results = multiprocessing.Queue()
    consumer = multiprocessing.Process(target=consume, args=(tasks, results), name="consumer")
    consumer.start()
    for number in range(1, 4):
        tasks.put({"number": number})
    tasks.put(None)
    consumer.join()
    seen = []
    while not results.empty():
        seen.append(results.get()["number"])
    pathlib.Path(__file__).with_name("seen.txt").write_text(str(seen))
`;

/** The extension host of the VS Code with this folder: an ancestor of the server that names the folder. */
function extensionHost(folder: string): number {
  const about = (pid: string | number) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      return {
        command: readFileSync(`/proc/${pid}/cmdline`, 'utf8'),
        parent: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]),
      };
    } catch {
      return { command: '', parent: 0 };
    }
  };
  for (const pid of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    const { command, parent } = about(pid);
    if (!command.includes('--type=extensionHost')) continue;
    for (let at = parent; at > 1; at = about(at).parent) if (about(at).command.includes(folder)) return Number(pid);
  }
  throw new Error('There is no extension host.');
}

describe('paused processes in the views', function () {
  this.timeout(180_000);
  let code: Code;
  let debug: Debugger;
  before(async () => {
    code = await openCode({
      settings: { 'forkscope.console': 'integratedTerminal', 'debug.internalConsoleOptions': 'neverOpen' },
    });
    writeFileSync(join(code.folder, 'held.py'), PROGRAM);
    debug = new Debugger(code);
  });
  after(async () => {
    await code?.close();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await code.screenshot('failed-stops');
  });

  const texts = async (selector: string): Promise<string[]> => (await code.panel()).locator(selector).allInnerTexts();

  it('the panel shows the process, its line and its message', async () => {
    await code.command('View: Show Run and Debug');
    await debug.breakAt('tasks.put');
    await code.openFile('held.py');
    await code.command('Run Python File in Forkscope');
    await debug.stopped(/Paused on put$/);
    const [row] = await until(
      'the stop in the panel',
      () => texts('.stops > ul > li'),
      (all) => all.length === 1,
    );
    assert.match(row ?? '', /held\.py[\s\S]*Paused on put of tasks[\s\S]*\{'number': 1\}[\s\S]*Drop/);
    await code.screenshot('stops-panel');
  });

  it('a message is dropped from the panel, and marked as the user’s change', async () => {
    await (await code.panel()).locator('.stops button', { hasText: 'Drop' }).click();
    await until(
      'the intent',
      () => texts('.stops em'),
      (all) => all.includes('dropped'),
    );
    await code.command('Debug: Continue');
    const [row] = await until(
      'the next stop',
      () => texts('.stops > ul > li'),
      (all) => /'number': 2/.test(all[0] ?? ''),
    );
    assert.doesNotMatch(row ?? '', /dropped/);
    const done = await until(
      'what was done',
      () => texts('.stops .done summary'),
      (all) => all.length === 1,
    );
    assert.deepEqual(done, ['Your changes (1)']);
  });

  it('the tree shows the pause', async () => {
    await code.page.locator('.activitybar [aria-label*="Forkscope"]').first().click();
    await until(
      'the stopped process',
      () => code.tree('Processes'),
      (rows) => rows.some((row) => /Paused on put of tasks · held\.py:19/.test(row.description)),
    );
    await code.screenshot('stops-tree');
  });

  it('when the extension host is killed the program runs to its end', async () => {
    process.kill(extensionHost(join(code.folder, '..')), 'SIGKILL');
    const file = join(code.folder, 'seen.txt');
    await until(
      'the end of the program',
      async () => (existsSync(file) ? readFileSync(file, 'utf8') : ''),
      (text) => text !== '',
      60_000,
    );
    assert.equal(readFileSync(file, 'utf8'), '[2, 3]');
  });
});
