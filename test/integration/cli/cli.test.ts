/** The built command line, as a shell sees it. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSessionFolder, readSessionEnd } from '../../../server/engine/session/folder';
import type { Report, ReportMessage } from '../../../server/protocol/report';
import { Workplace } from '../../shared/workplace';
import { PYTHON, TALK, until } from '../engine/session/programs';

const ROOT = resolve(import.meta.dirname, '../../..');
const place = new Workplace();
const cli = place.path('dist/cli.js');
const temporary = place.path('tmp');
const env = { ...process.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary };

beforeAll(async () => {
  mkdirSync(temporary);
  await build({
    entryPoints: [join(ROOT, 'server/command.ts')],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    outfile: cli,
    logLevel: 'error',
  });
  symlinkSync(join(ROOT, 'server/runtime'), place.path('dist/runtime'), 'junction');
}, 60_000);
afterAll(() => place.dispose());

function forkscope(args: readonly string[], input = '') {
  return spawnSync(process.execPath, [cli, ...args], {
    cwd: place.folder,
    env,
    input,
    encoding: 'utf8',
    timeout: 30_000,
    maxBuffer: 2 ** 26,
  });
}
const bare = (args: readonly string[], input = '') =>
  spawnSync(PYTHON, args, { cwd: place.folder, input, encoding: 'utf8', maxBuffer: 2 ** 26 });
const left = () => readdirSync(temporary).filter((name) => name.startsWith('forkscope-'));

describe('the program behaves as without Forkscope', () => {
  const SAY =
    'import sys\nprint(sys.argv, sys.path[0], sys.stdin.read(), __name__)\nprint("e", file=sys.stderr)\nsys.exit(7)\n';
  test.each([
    ['a script', ['say.py']],
    ['options after the script', ['say.py', '-m', '--python', 'x', '--report', '--', '--quiet', '-h']],
    ['a module', ['-m', 'package.say', '--json', '-m']],
    ['a folder', ['folder', 'x']],
  ])('%s', (_name, args) => {
    place.write('say.py', SAY);
    for (const folder of ['package', 'folder']) mkdirSync(place.path(folder), { recursive: true });
    place.write('package/say.py', SAY);
    place.write('folder/__main__.py', SAY);
    const without = bare(args, 'typed\n');
    const under = forkscope(['run', '--quiet', '--python', PYTHON, ...args], 'typed\n');
    expect({ ...pick(under) }).toEqual({ ...pick(without) });
    expect(under.status).toBe(7);
    expect(left()).toEqual([]);
  });

  test('-- ends our options', () => {
    place.write('argv.py', 'import sys; print(sys.argv)');
    expect(forkscope(['run', '--quiet', '--', 'argv.py', '--', 'z']).stdout).toBe("['argv.py', '--', 'z']\n");
  });
  test('a syntax error', () => {
    place.write('broken.py', 'syntax error here\n');
    expect(pick(forkscope(['run', '--quiet', '--python', PYTHON, 'broken.py']))).toEqual(pick(bare(['broken.py'])));
  });
  test('ten megabytes of output to a slow reader', async () => {
    place.write('much.py', 'import sys\nfor n in range(160): sys.stdout.write(chr(65 + n % 26) * 65535 + "\\n")\n');
    const child = spawn(process.execPath, [cli, 'run', '--quiet', 'much.py'], {
      cwd: place.folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    let size = 0;
    for await (const chunk of child.stdout) {
      size += (chunk as Buffer).length;
      await new Promise((done) => setImmediate(done));
    }
    expect({ size, errors }).toEqual({ size: 160 * 65536, errors: '' });
  });

  function pick({ status, signal, stdout, stderr }: ReturnType<typeof bare>) {
    return { status, signal, stdout, stderr };
  }
});

describe.skipIf(process.platform === 'win32')('signals', () => {
  test.each(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGPIPE', 'SIGABRT'] as const)(
    '%s ends us as it ended the program',
    (name) => {
      place.write(
        'kill.py',
        `import os, signal\nif "${name}" != "SIGKILL": signal.signal(signal.${name}, signal.SIG_DFL)\nos.kill(os.getpid(), signal.${name})\n`,
      );
      expect(forkscope(['run', '--quiet', 'kill.py'])).toMatchObject({ status: null, signal: name });
    },
  );
  test.each([
    ['SIGTERM', 'a handler decides', 4],
    ['SIGHUP', 'a handler decides', 4],
  ] as const)('%s is passed on and %s', async (signal, _who, status) => {
    place.write(
      'wait.py',
      `import signal, sys\nsignal.signal(signal.${signal}, lambda *a: sys.exit(4))\nprint("ready", flush=True)\nsignal.pause()\n`,
    );
    const child = spawn(process.execPath, [cli, 'run', '--quiet', 'wait.py'], { cwd: place.folder, env });
    await new Promise((ready) => child.stdout.once('data', ready));
    child.kill(signal);
    expect(await new Promise((ended) => child.once('exit', ended))).toBe(status);
    expect(left()).toEqual([]);
  });
  test('Ctrl-C reaches the program, which may continue', async () => {
    place.write(
      'ctrlc.py',
      'import time\ntry:\n    print("ready", flush=True)\n    time.sleep(20)\nexcept KeyboardInterrupt:\n    print("caught", flush=True)\n',
    );
    // Its own process group represents the terminal's foreground group.
    const child = spawn(process.execPath, [cli, 'run', '--quiet', 'ctrlc.py'], {
      cwd: place.folder,
      env,
      detached: true,
    });
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
    });
    await until('it is ready', () => said.includes('ready\n'));
    process.kill(-(child.pid ?? 0), 'SIGINT');
    expect(await new Promise((ended) => child.once('exit', ended))).toBe(0);
    expect(said).toBe('ready\ncaught\n');
  });
});

describe('outputs', () => {
  test('report, recording, messages and the readable report agree', () => {
    place.write('talk.py', TALK);
    const run = forkscope(['run', '--report', 'r.json', '--record', 'r.forkscope', 'talk.py'], '\n');
    expect(run).toMatchObject({ status: 3, stdout: 'talked\n' });
    const report = JSON.parse(readFileSync(place.path('r.json'), 'utf8')) as Report;
    expect(report.session.exitCode).toBe(3);
    expect(report.messages).toEqual({
      count: 41,
      matched: 41,
      unmatchedSends: 0,
      unmatchedReceives: 0,
      unknownReceivers: 0,
    });
    const shown = forkscope(['report', 'r.forkscope', '--json']);
    expect(JSON.parse(shown.stdout)).toEqual(report);
    const text = forkscope(['report', 'r.forkscope']).stdout;
    expect(text).toMatch(/talk\.py .*exited 3/);
    expect(text).toMatch(/worker .*exited 0 {2}.*talk\.py:/);
    expect(text).toMatch(/tasks \(Queue\) 21 put, 21 got, depth 0\/5/);

    const lines = forkscope(['messages', 'r.forkscope', '--json']).stdout.trim().split('\n');
    const messages = lines.map((line) => JSON.parse(line) as ReportMessage);
    expect(messages.map(({ id }) => id)).toEqual([...messages.keys()]);
    expect(messages).toHaveLength(41);
    const tasks = report.channels.find(({ name }) => name === 'tasks');
    const some = forkscope(['messages', 'r.forkscope', '--channel', tasks?.id ?? '', '--limit', '2']).stdout;
    expect(some.trim().split('\n')).toHaveLength(2);
    expect(some).toContain("{'id': 0, 'word': 'even'}");
    expect(left()).toEqual([]);
  });

  test('without an output file, one line on stderr; with --quiet none', () => {
    place.write('nothing.py', '');
    const run = forkscope(['run', 'nothing.py']);
    expect(run.stdout).toBe('');
    expect(run.stderr).toMatch(/^forkscope: 1 process, 0 channels, 0 messages\..*\n$/);
    expect(forkscope(['run', '--quiet', 'nothing.py']).stderr).toBe('');
  });

  test('a reader that closes early is not an error, and no files are left behind', async () => {
    place.write(
      'many.py',
      'import multiprocessing as m\na, b = m.Pipe()\nfor n in range(20000):\n    a.send("x" * 100)\n    b.recv()\n',
    );
    forkscope(['run', '--quiet', '--record', 'many.forkscope', 'many.py']);
    const child = spawn(process.execPath, [cli, 'messages', 'many.forkscope', '--json'], {
      cwd: place.folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    child.stdout.once('data', () => child.stdout.destroy());
    expect(await new Promise((ended) => child.once('exit', ended))).toBe(0);
    expect(errors).toBe('');
    expect(left()).toEqual([]);
  });

  test('a process that outlives the main one is shown as running, and does not delay the exit', async () => {
    place.write(
      'orphan.py',
      'import os, time\nif os.fork() == 0:\n    os.close(1)\n    os.close(2)\n    time.sleep(8)\n    os._exit(0)\n',
    );
    const begun = performance.now();
    const run = forkscope(['run', '--quiet', '--report', 'o.json', 'orphan.py']);
    expect(run.status).toBe(0);
    expect(performance.now() - begun).toBeLessThan(6000);
    const report = JSON.parse(readFileSync(place.path('o.json'), 'utf8')) as Report;
    expect(report.processes.map(({ state }) => state)).toEqual(['exited', 'running']);
    process.kill(report.processes[1]?.pid ?? 0, 'SIGKILL');
  });
});

test('supervise runs the program of a session folder in this terminal and records how it ended', () => {
  const script = place.write('supervised.py', 'import sys; print(sys.stdin.readline().strip()); sys.exit(5)');
  const { folder } = createSessionFolder({ command: [PYTHON, script], cwd: place.folder, python: PYTHON });
  const run = forkscope(['supervise', folder], 'typed\n');
  expect(run).toMatchObject({ status: 5, stdout: 'typed\n', stderr: '' });
  expect(readSessionEnd(folder)).toMatchObject({ exitCode: 5, signal: null });
  expect(readdirSync(folder).filter((name) => name.endsWith('.fsj'))).toHaveLength(1);
  rmSync(folder, { recursive: true });
  const gone = forkscope(['supervise', folder]);
  expect(gone.status).toBe(2);
  expect(gone.stderr).toMatch(/is no Forkscope session/);
});

describe('our own errors: exit code 2, a sentence on stderr, the program not started', () => {
  test.each<[string, string[], RegExp]>([
    ['no script', ['run'], /missing required argument/],
    ['an unknown option', ['run', '--bogus', 'x.py'], /unknown option '--bogus'/],
    ['an unknown command', ['bogus'], /unknown command/],
    ['a script that is not there', ['run', 'nope.py'], /There is no file .*nope\.py\. Check the path, or use -m/],
    [
      'an interpreter that is not there',
      ['run', '--python', '/no/python', 'started.py'],
      /There is no Python interpreter at \/no\/python\. Check/,
    ],
    [
      'an interpreter that is none',
      ['run', '--python', process.execPath, 'started.py'],
      /is no working Python|did not answer/,
    ],
    [
      'a report that cannot be written',
      ['run', '--report', 'no/folder/r.json', 'started.py'],
      /cannot be written: there is no folder/,
    ],
    ['a report that is a folder', ['run', '--report', '.', 'started.py'], /is a folder/],
    ['no recording', ['report', 'nope.forkscope'], /There is no recording and no session folder .*nope\.forkscope/],
    ['a recording that is none', ['report', 'started.py'], /cannot be opened: it is no Forkscope recording/],
    ['messages of no recording', ['messages', 'nope.forkscope'], /There is no recording/],
    ['a limit that is none', ['messages', 'x.forkscope', '--limit', 'x'], /whole number/],
  ])('%s', (_name, args, message) => {
    place.write('started.py', 'open("started", "w").close()');
    const { status, stdout, stderr } = forkscope(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(existsSync(place.path('started'))).toBe(false);
    expect(left()).toEqual([]);
  });
});
