/**
 * Forkscope next to the Python debugger, in a whole VS Code: two debug sessions of one program, lines in one, messages
 * in the other.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { debugpyFor } from '../dap/debugpy';
import { until } from '../shared/until';
import { type Code, openCode, ROOT } from './harness';

const PROGRAM = `import multiprocessing


def consume(tasks):
    item = tasks.get()
    total = item * 2
    print("total", total)


if __name__ == "__main__":
    tasks = multiprocessing.Queue()
    consumer = multiprocessing.Process(target=consume, args=(tasks,), name="consumer")
    consumer.start()
    tasks.put(21)
    consumer.join()
`;
const debugpy = debugpyFor('python3');

describe('a companion session in VS Code', function () {
  this.timeout(120_000);
  let code: Code;
  let extension: string;
  before(async function () {
    if (debugpy === null) this.skip();
    extension = mkdtempSync(join(tmpdir(), 'forkscope-e2e-extension-'));
    cpSync(join(ROOT, 'test/e2e/python-debugger'), extension, { recursive: true });
    mkdirSync(join(extension, 'bundled'));
    symlinkSync(dirname(debugpy), join(extension, 'bundled/libs'));
    code = await openCode({
      settings: { 'debug.internalConsoleOptions': 'neverOpen', 'debug.toolBarLocation': 'floating' },
      height: 1200,
      extensions: [extension],
    });
    writeFileSync(join(code.folder, 'beside.py'), PROGRAM);
    mkdirSync(join(code.folder, '.vscode'));
  });
  after(async () => {
    await code?.close();
    if (extension) rmSync(extension, { recursive: true, force: true });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await code?.screenshot('failed-beside');
  });

  const stack = () => code.page.locator('.debug-call-stack .monaco-list-row').allTextContents();
  const variables = () => code.page.locator('.debug-variables .monaco-list-row').allInnerTexts();
  const paused = (what: RegExp) => until(`a stop ${what}`, stack, (rows) => rows.some((row) => what.test(row)));
  const alive = async () =>
    spawnSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
      .stdout.split('\n')
      .filter((row) => row.includes(join(code.folder, 'beside.py')));

  /** Writes the only launch configuration. */
  function configure(configuration: object): void {
    writeFileSync(
      join(code.folder, '.vscode/launch.json'),
      JSON.stringify({
        version: '0.2.0',
        configurations: [
          {
            request: 'launch',
            name: 'beside',
            program: join(code.folder, 'beside.py'),
            python: 'python3',
            ...configuration,
          },
        ],
      }),
    );
  }

  it('"forkscope": true: a message pauses one session, a line of the child the other; tree and panel show the program', async () => {
    configure({ type: 'debugpy', forkscope: true });
    await code.command('View: Show Run and Debug');
    await code.openFile('beside.py');
    await code.goToLine(7);
    await code.command('Debug: Toggle Breakpoint');
    await code.command('Function Breakpoint');
    await code.page.locator('.breakpoints-view input, .debug-breakpoints input').first().fill('tasks.put');
    await code.page.keyboard.press('Enter');
    await code.command('Debug: Start Debugging');

    const rows = await paused(/Paused on put/);
    assert.ok(
      rows.some((row) => row.startsWith('Forkscope: beside')) && rows.some((row) => /^beside/.test(row)),
      rows.join('\n'),
    );
    await until('the message', variables, (all) => all.some((row) => /message[\s\S]*21/.test(row)));
    await code.screenshot('beside-message');
    await code.command('Forkscope: Continue All Processes');

    await paused(/consumer|Subprocess/i);
    await until('the line’s values', variables, (all) => all.some((row) => /total[\s\S]*42/.test(row)));
    await code.screenshot('beside-line');
    const frames = (await stack()).filter((row) => /processes\.py/.test(row));
    assert.deepEqual(frames, [], 'frames of the runtime are not shown');
    await code.page.locator('.activitybar [aria-label*="Forkscope"]').first().click();
    const tree = await until(
      'the program in the tree',
      () => code.tree('Processes'),
      (all) => all.some((row) => row.label === 'consumer'),
    );
    assert.deepEqual(
      tree.map((row) => [row.level, row.label]),
      [
        [1, 'beside.py'],
        [2, 'beside.py'],
        [3, 'consumer'],
      ],
    );
    const panel = await code.panel();
    await panel.locator('.message, [role="row"]', { hasText: '21' }).first().waitFor();
    await code.screenshot('beside-tree');
    await code.command('Debug: Continue');
    await until('the end', alive, (all) => all.length === 0);
    await until(
      'its end in the tree',
      () => code.tree('Processes'),
      (all) => all.every((row) => /exited with (code 0|unknown status)/.test(row.description)),
    );
  });

  it('the debugpy of the extension is found, and used for Forkscope’s own session', async () => {
    configure({ type: 'forkscope', console: 'internalConsole', lineDebugging: 'on' });
    await code.command('View: Show Run and Debug');
    await code.command('Remove All Breakpoints');
    await code.goToLine(7);
    await code.command('Debug: Toggle Breakpoint');
    await code.command('Debug: Start Debugging');
    const rows = await paused(/consumer \(pid \d+\).*Paused on breakpoint/);
    assert.ok(!rows.some((row) => /Subprocess/.test(row)), rows.join('\n'));
    await code.page.locator('.debug-toolbar [aria-label^="Stop"]').first().click();
    await until('the end', alive, (all) => all.length === 0);
  });
});
