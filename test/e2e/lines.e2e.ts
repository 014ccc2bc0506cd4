/**
 * Line breakpoints in children, by every start method, in a whole VS Code: Call Stack, Variables, the highlighted line.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { debugpyFor } from '../dap/debugpy';
import { until } from '../shared/until';
import { Debugger } from './debugger';
import { type Code, openCode } from './harness';

/** Each way ends before the next one begins, so that the pauses come in this order. */
const WAYS = ['by-fork', 'by-spawn', 'by-forkserver', 'os.fork', 'Pool', 'executor', 'subprocess', 'exec'];
const PROGRAM = `import concurrent.futures, multiprocessing, os, subprocess, sys


def work(way):
    doubled = way * 2
    return doubled


def main():
    for method in ("fork", "spawn", "forkserver"):
        child = multiprocessing.get_context(method).Process(target=work, args=("by-" + method,), name="by-" + method)
        child.start()
        child.join()
    pid = os.fork()
    if pid == 0:
        work("os.fork")
        os._exit(0)
    os.waitpid(pid, 0)
    with multiprocessing.Pool(1) as pool:
        pool.map(work, ["Pool"])
    with concurrent.futures.ProcessPoolExecutor(1) as pool:
        list(pool.map(work, ["executor"]))
    subprocess.check_call([sys.executable, __file__, "subprocess"])
    pid = os.fork()
    if pid == 0:
        os.execv(sys.executable, [sys.executable, __file__, "exec"])
    os.waitpid(pid, 0)


if __name__ == "__main__":
    if sys.argv[1:]:
        work(sys.argv[1])
    else:
        main()
`;
const LINE = 6;

/** Eight at once, in an ordinary loop: nothing makes them wait for each other. */
const CROWD = `import multiprocessing


def work(number):
    square = number * number
    print(square)


if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    crowd = [context.Process(target=work, args=(n,), name="worker-%d" % n) for n in range(8)]
    for each in crowd:
        each.start()
    for each in crowd:
        each.join()
`;
const debugpy = debugpyFor('python3');

/** Runs in the page: records when the Call Stack shows another paused process. */
function watchStops(): void {
  const times: number[] = [];
  (window as unknown as { stops: number[] }).stops = times;
  const look = () => {
    const all = [...document.querySelectorAll('.debug-call-stack .monaco-list-row')];
    const count = all.filter((row) => row.textContent?.includes('Paused on breakpoint')).length;
    while (times.length < count) times.push(performance.now());
  };
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
}

describe('line breakpoints in VS Code', function () {
  this.timeout(120_000);
  let code: Code;
  let debug: Debugger;
  before(async function () {
    if (debugpy === null) this.skip();
    code = await openCode({
      settings: {
        'forkscope.openPanelOnRun': false,
        'debug.internalConsoleOptions': 'neverOpen',
        'debug.toolBarLocation': 'floating',
      },
      height: 1200,
    });
    debug = new Debugger(code);
    // Quick Open does not find at once what is written later.
    mkdirSync(join(code.folder, '.vscode'), { recursive: true });
    writeFileSync(join(code.folder, 'ways.py'), PROGRAM);
    writeFileSync(join(code.folder, 'crowd.py'), CROWD);
    await code.command('View: Show Run and Debug');
  });
  after(async () => {
    await code?.close();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await code?.screenshot('failed-lines');
  });

  /** Opens a program in the editor, with a breakpoint at a line, and a launch configuration for it. */
  async function prepare(name: string, line: number): Promise<string> {
    const file = join(code.folder, name);
    const configuration = {
      type: 'forkscope',
      request: 'launch',
      name: 'lines',
      program: file,
      console: 'internalConsole',
      lineDebugging: 'on',
      debugpy,
    };
    writeFileSync(
      join(code.folder, '.vscode/launch.json'),
      JSON.stringify({ version: '0.2.0', configurations: [configuration] }),
    );
    await code.openFile(name);
    await code.goToLine(line);
    await code.command('Debug: Toggle Breakpoint');
    await code.page.locator('.editor-instance .glyph-margin-widgets [class*="codicon-debug-breakpoint"]').waitFor();
    return file;
  }

  const collapse = (pane: string) => code.page.locator('.pane-header.expanded', { hasText: pane }).first().click();

  async function light(): Promise<void> {
    writeFileSync(
      join(code.folder, '.vscode/settings.json'),
      JSON.stringify({ 'workbench.colorTheme': 'Default Light Modern' }),
    );
    await code.page.locator('.monaco-workbench.vs').waitFor();
  }

  const stopped = async () => (await debug.stack()).filter((row) => row.includes('Paused on breakpoint'));
  const survivors = (file: string) => async () =>
    spawnSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
      .stdout.split('\n')
      .filter((row) => row.includes(file));

  it(`pauses in a child by each of ${WAYS.length} ways, at its line, with its values`, async () => {
    const file = await prepare('ways.py', LINE);
    await collapse('Watch');
    await code.command('Debug: Start Debugging');
    const pids = new Set<string>();
    for (const way of WAYS) {
      const pid = await until(
        `a stop in a child by ${way}`,
        async () =>
          (await debug.stack()).map((row) => /\(pid (\d+)\).*Paused on breakpoint/.exec(row)?.[1]).find(Boolean),
        (found) => found !== undefined && !pids.has(found),
      );
      pids.add(pid ?? '');
      await until('its values', debug.variables, (all) =>
        all.some((row) => row.includes('doubled') && row.includes(way)),
      );
      await debug.standsAt(String(LINE));
      if (way.startsWith('by-')) assert.ok((await debug.stack()).some((row) => row.includes(`${way} (pid ${pid})`)));
      await debug.press('Continue');
    }
    assert.equal(pids.size, WAYS.length);
    await until('the end', survivors(file), (all) => all.length === 0);
    await code.command('Remove All Breakpoints');
  });

  it('eight children are attached within a second, named as in the tree; Stop leaves no process', async () => {
    const file = await prepare('crowd.py', 6);
    await collapse('Variables');
    await code.page.evaluate(watchStops);
    await code.command('Debug: Start Debugging');
    const rows = await until('eight stops', stopped, (all) => all.length === 8);
    const times = await code.page.evaluate(() => (window as unknown as { stops: number[] }).stops);
    const took = Math.max(...times) - Math.min(...times);
    assert.ok(took < 1000, `the eighth came ${took} ms after the first`);
    await debug.standsAt('6');
    await code.screenshot('lines-eight-dark');
    await light();
    await code.screenshot('lines-eight-light');

    await code.page.locator('.activitybar [aria-label*="Forkscope"]').first().click();
    const tree = await until(
      'who waits for whom',
      () => code.tree('Processes'),
      (all) =>
        all.some((row) => /paused at crowd\.py:6; crowd\.py is waiting in join\(\) · pid \d+$/.test(row.description)),
    );
    const paused = tree.filter((row) => /paused at crowd\.py:6/.test(row.description));
    const named = paused.map(({ label, description }) => `${label} (${/pid \d+$/.exec(description)?.[0]})`);
    assert.deepEqual(rows.map((row) => row.replace('Paused on breakpoint', '')).sort(), named.sort());
    assert.deepEqual(
      tree.filter((row) => row.label === 'uname'),
      [],
      'what debugpy runs for itself is not in the tree',
    );
    await code.screenshot('lines-tree-light');
    await code.command('Forkscope: Open Panel');
    const panel = await code.panel();
    await panel.locator('#tab-waits').click();
    await panel.locator('.waitList li', { hasText: 'worker-0 (has to exit), paused at crowd.py:6' }).waitFor();
    await code.screenshot('lines-panel-light');
    await debug.press('Stop');
    await until('the end', survivors(file), (all) => all.length === 0);
  });

  it('an interpreter without debugpy: pauses at messages only, says so once, and the button runs the command in a terminal', async () => {
    const venv = join(code.folder, '../bare');
    assert.equal(spawnSync('python3', ['-m', 'venv', '--without-pip', venv]).status, 0);
    const python = join(venv, 'bin/python');
    // Its pip installs nothing, and records its arguments.
    const mark = join(venv, 'asked.txt');
    const packages = spawnSync(python, ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))'], {
      encoding: 'utf8',
    });
    const pip = `import os, sys\nwith open(${JSON.stringify(`${mark}.new`)}, "w") as file: file.write(" ".join(sys.argv[1:]))\n`;
    const whole = `os.rename(${JSON.stringify(`${mark}.new`)}, ${JSON.stringify(mark)})\n`;
    writeFileSync(join(packages.stdout.trim(), 'pip.py'), pip + whole);
    const configuration = {
      type: 'forkscope',
      request: 'launch',
      name: 'bare',
      program: join(code.folder, 'crowd.py'),
    };
    writeFileSync(
      join(code.folder, '.vscode/launch.json'),
      JSON.stringify({
        version: '0.2.0',
        configurations: [{ ...configuration, python, console: 'internalConsole' }],
      }),
    );
    await code.command('View: Show Run and Debug');
    await code.command('Debug: Start Debugging');
    const spoken = await until(
      'the notice in the debug console',
      async () => (await code.page.locator('.repl .monaco-list-row').allInnerTexts()).join(' '),
      (text) => /Line breakpoints need debugpy/.test(text),
    );
    assert.match(spoken, /pip install --upgrade debugpy/);
    await until('the end', survivors(join(code.folder, 'crowd.py')), (all) => all.length === 0);
    await code.screenshot('lines-no-debugpy-light');
    // A toast disappears by itself, the notification list keeps it.
    await code.command('Notifications: Show Notifications');
    const notice = code.page.locator('.notifications-center .monaco-list-row', {
      hasText: 'Line breakpoints need debugpy',
    });
    assert.equal(await notice.count(), 1, 'it is said once');
    await notice.locator('.monaco-button', { hasText: 'Install debugpy' }).click();
    const asked = async () => (existsSync(mark) ? readFileSync(mark, 'utf8') : '');
    await until('the command in a terminal', asked, (text) => text === 'install --upgrade debugpy');
  });
});
