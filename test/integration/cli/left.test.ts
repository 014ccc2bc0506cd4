/**
 * How `forkscope run` exits: by signals to its process group or to itself alone, from a terminal, and as its program
 * ended.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../../server/protocol/report';
import { Workplace } from '../../shared/workplace';
import { PYTHON, until } from '../engine/session/programs';
import { buildCommandLine, environment } from './commandLine';

const place = new Workplace();
let cli = '';
beforeAll(async () => {
  cli = await buildCommandLine(place);
}, 120_000);
afterAll(() => place.dispose());

const read = (name: string): Report => JSON.parse(readFileSync(place.path(name), 'utf8')) as Report;
const recorded = (name: string): Report =>
  JSON.parse(
    spawnSync(cli, ['report', name, '--json'], {
      cwd: place.folder,
      env: environment(place),
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    }).stdout,
  ) as Report;

interface Running {
  readonly child: ChildProcess;
  readonly said: () => string;
  /** Standard error of a run that is not quiet. */
  readonly warned: () => string;
  readonly ended: Promise<unknown[]>;
}
/** Starts it in its own process group, as a shell does. */
function run(args: readonly string[], extra: NodeJS.ProcessEnv = {}, quiet = true): Running {
  for (const name of ['r.json', 'r.forkscope']) rmSync(place.path(name), { force: true });
  const child = spawn(cli, ['run', ...(quiet ? ['--quiet'] : []), '--python', PYTHON, ...args], {
    cwd: place.folder,
    env: { ...environment(place), ...extra },
    detached: true,
    stdio: ['ignore', 'pipe', quiet ? 'inherit' : 'pipe'],
  });
  let said = '';
  child.stdout?.on('data', (chunk) => {
    said += chunk;
  });
  let warned = '';
  child.stderr?.on('data', (chunk) => {
    warned += chunk;
  });
  return { child, said: () => said, warned: () => warned, ended: once(child, 'close') };
}

/** Counts the signal in its name; ends when a file appears, or on a second signal. */
const COUNTS = `
import os, signal, sys, time
got = []
signal.signal(getattr(signal, sys.argv[1]), lambda *a: got.append(a))
print("ready", flush=True)
if sys.argv[2:] == ["group"]: os.killpg(os.getpgrp(), getattr(signal, sys.argv[1]))
limit = time.monotonic() + 30
while not got and time.monotonic() < limit: time.sleep(0.01)
time.sleep(0.5)  # a second one would be here
print(len(got), flush=True)
`;

describe.skipIf(process.platform !== 'linux')('a signal reaches the program once', () => {
  beforeAll(() => place.write('counts.py', COUNTS));
  const names = 'USR1 USR2 ALRM VTALRM PROF IO TERM HUP INT QUIT ABRT RTMIN'.split(' ');

  test.each(names)('SIG%s to the group, and the report is written', async (name) => {
    const { said, ended } = run(['--report', 'r.json', 'counts.py', `SIG${name}`, 'group']);
    expect(await ended).toEqual([0, null]);
    expect(said()).toBe('ready\n1\n');
    expect(read('r.json').session.exitCode).toBe(0);
  });

  test.each(['TERM', 'HUP', 'INT', 'USR1', 'QUIT', 'TTIN'])('SIG%s to the command line', async (name) => {
    const { child, said, ended } = run(['--report', 'r.json', 'counts.py', `SIG${name}`]);
    await until('it is ready', () => said().includes('ready'));
    child.kill(`SIG${name}` as NodeJS.Signals);
    expect(await ended).toEqual([0, null]);
    expect(said()).toBe('ready\n1\n');
    expect(read('r.json').session.exitCode).toBe(0);
  });

  test('SIGCONT to the stopped program only', async () => {
    place.write('stopped.py', COUNTS.replace('"ready"', '"ready", os.getpid()'));
    const { child, said, ended } = run(['stopped.py', 'SIGCONT']);
    const [, pid = ''] = await until('it is ready', () => /ready (\d+)/.exec(said()));
    process.kill(Number(pid), 'SIGSTOP');
    const state = () => /\) (\S)/.exec(readFileSync(`/proc/${child.pid}/stat`, 'utf8'))?.[1];
    await until('the command line is stopped with it', () => state() === 'T');
    process.kill(Number(pid), 'SIGCONT');
    expect(await ended).toEqual([0, null]);
    expect(said()).toBe(`ready ${pid}\n1\n`);
  });

  test('SIGTERM to the command line and to its group, as sent by timeout', async () => {
    const { child, said, ended } = run(['counts.py', 'SIGTERM']);
    await until('it is ready', () => said().includes('ready'));
    child.kill('SIGTERM');
    process.kill(-(child.pid as number), 'SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(said()).toBe('ready\n1\n');
  });

  test('SIGTERM to each process of the job, as sent by a service manager', async () => {
    const { child, said, ended } = run(['counts.py', 'SIGTERM']);
    await until('it is ready', () => said().includes('ready'));
    const job = spawnSync('ps', ['-o', 'pid=', '--sid', String(child.pid)], { encoding: 'utf8' });
    for (const pid of job.stdout.trim().split(/\s+/)) process.kill(Number(pid), 'SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(said()).toBe('ready\n1\n');
  });
});

const HANGS = `
import multiprocessing
def work(first, second):
    with first:
        ready.wait()
        with second: pass
if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    ready = multiprocessing.Barrier(2)
    a, b = multiprocessing.Lock(), multiprocessing.Lock()
    pair = [multiprocessing.Process(target=work, args=each, name=name) for each, name in (((a, b), "alice"), ((b, a), "bob"))]
    for each in pair: each.start()
    print("\\n".join(str(each.pid) for each in pair), flush=True)
    for each in pair: each.join()
`;

describe.skipIf(process.platform !== 'linux')('a program that hangs', () => {
  beforeAll(() => place.write('hangs.py', HANGS));

  test.each([
    ['SIGTERM', 'alone'],
    ['SIGHUP', 'alone'],
    ['SIGINT', 'group'],
    ['SIGTERM', 'group'],
  ] as const)('%s to the command line (%s): report and recording tell of the hang', async (signal, whom) => {
    const { child, said, warned } = run(['--report', 'r.json', '--record', 'r.forkscope', 'hangs.py'], {}, false);
    await until('the report of the hang', () => warned().includes('[deadlock]'));
    process.kill(whom === 'group' ? -(child.pid as number) : (child.pid as number), signal);
    // Its children outlive it and keep its output open.
    expect(await once(child, 'exit')).toEqual([null, signal]);
    for (const pid of said().trim().split('\n')) {
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {
        // It has ended with its parent.
      }
    }
    const report = read('r.json');
    expect(report.findings.map(({ code }) => code)).toContain('deadlock');
    expect(recorded('r.forkscope')).toEqual(report);
  });

  test('a program that ignores SIGTERM: the results so far are written before it may be killed', async () => {
    place.write(
      'stays.py',
      'import signal\nsignal.signal(signal.SIGTERM, lambda *a: print("no", flush=True))\nprint("ready", flush=True)\nwhile True: signal.pause()\n',
    );
    const { child, said, ended } = run(['--report', 'r.json', '--record', 'r.forkscope', 'stays.py']);
    await until('it is ready', () => said().includes('ready'));
    child.kill('SIGTERM');
    await until('there are results', () => existsSync(place.path('r.json')) && existsSync(place.path('r.forkscope')));
    process.kill(-(child.pid as number), 'SIGKILL');
    await ended;
    expect(read('r.json').processes).toHaveLength(1);
    expect(recorded('r.forkscope').processes).toHaveLength(1);
  });
});

describe.skipIf(process.platform !== 'linux')('as the program ended', () => {
  const DIES =
    'import signal, sys, os\nnumber = int(sys.argv[1])\nif number != 9: signal.signal(number, signal.SIG_DFL)\nos.kill(os.getpid(), number)\n';
  beforeAll(() => place.write('dies.py', DIES));

  test.each(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGPIPE', 'SIGSEGV', 'SIGABRT', 'SIGXFSZ', 'SIGUSR1'] as const)(
    '%s',
    async (name) => {
      const { ended } = run(['--report', 'r.json', 'dies.py', String(constants.signals[name])]);
      expect(await ended).toEqual([null, name]);
      expect(read('r.json').processes[0]).toMatchObject({ signal: name, exitCode: null });
    },
  );
  test('a program that ends before it recorded anything', async () => {
    place.write('isolated.sh', '#!/bin/sh\nif [ "$1" = -E ]; then exec "$PYTHON" "$@"; fi\nkill -TERM $$\n');
    chmodSync(place.path('isolated.sh'), 0o755);
    place.write('nothing.py', '');
    const { ended } = run(
      ['--python', place.path('isolated.sh'), '--report', 'r.json', '--record', 'r.forkscope', 'nothing.py'],
      { PYTHON },
    );
    expect(await ended).toEqual([null, 'SIGTERM']);
    expect(read('r.json').processes).toMatchObject([{ startedAtMs: 0, endedAtMs: 0, signal: 'SIGTERM' }]);
    expect(recorded('r.forkscope')).toEqual(read('r.json'));
  });
  test('a signal without a name', async () => {
    expect(await run(['dies.py', '40']).ended).toEqual([128 + 40, null]);
  });
  test('report and recording agree on a process that outlives the program', async () => {
    place.write(
      'outlives.py',
      'import os, time\nif os.fork() == 0:\n    os.close(1); os.close(2)\n    time.sleep(8)\n    os._exit(0)\n',
    );
    expect(await run(['--report', 'r.json', '--record', 'r.forkscope', 'outlives.py']).ended).toEqual([0, null]);
    expect(read('r.json').findings.map(({ code }) => code)).toEqual(['orphan']);
    expect(recorded('r.forkscope')).toEqual(read('r.json'));
  });
});

/**
 * `pty.py SHELL LINE`: runs a shell line in its own terminal; types `PAUSE TEXT` lines of its input, each after its
 * text has appeared.
 */
const TERMINAL = `
import os, pty, select, sys, time
pid, fd = pty.fork()
if pid == 0: os.execvp("bash", ["bash", "--norc"] + sys.argv[1:])
steps = [line.rstrip("\\n").split("|") for line in sys.stdin]
out = b""
end = time.monotonic() + 40
while time.monotonic() < end:
    if steps and steps[0][0].encode() in out:
        cut = out.index(steps[0][0].encode()) + len(steps[0][0])
        sys.stdout.buffer.write(out[:cut])
        out = out[cut:]
        os.write(fd, steps.pop(0)[1].encode().decode("unicode_escape").encode())
        continue
    if not select.select([fd], [], [], 0.05)[0]: continue
    try: part = os.read(fd, 65536)
    except OSError: break
    if not part: break
    out += part
sys.stdout.buffer.write(out + b"\\nSTATUS %d" % os.waitpid(pid, 0)[1])
`;

describe.skipIf(process.platform !== 'linux')('in a terminal', () => {
  beforeAll(() => {
    place.write('terminal.py', TERMINAL);
    place.write('sleeps.py', 'import time\nprint("asleep", flush=True)\ntime.sleep(30)\n');
    place.write(
      'ticks.py',
      'import os, signal, sys\nsignal.signal(signal.SIGCONT, lambda *a: print("continued", flush=True))\nprint("front", os.tcgetpgrp(0) == os.getpgrp(), "ready", flush=True)\nfor line in sys.stdin: print("read", line, flush=True)\n',
    );
  });
  const terminal = (args: readonly string[], steps: string) =>
    spawnSync(PYTHON, [place.path('terminal.py'), ...args], {
      cwd: place.folder,
      env: environment(place),
      input: steps,
      encoding: 'utf8',
      timeout: 60_000,
    }).stdout;

  test('Ctrl-C ends a shell loop', () => {
    const loop = `for i in 1 2 3; do echo round $i; ${cli} run --quiet --python ${PYTHON} sleeps.py; done; echo after`;
    const shown = terminal(['-c', loop], 'asleep|\\x03\n');
    expect(shown).toContain('KeyboardInterrupt');
    expect(shown).not.toContain('round 2');
    expect(shown).toMatch(/STATUS 2$/);
  });

  test("keeps the program's settings", () => {
    place.write('raw.py', 'import tty\ntty.setraw(0)\n');
    const shown = terminal(['-c', `stty sane; ${cli} run --quiet --python ${PYTHON} raw.py; stty -a; stty sane`], '');
    expect(shown).toContain('-icanon');
  });

  test('Ctrl-Z stops the job, fg continues it', () => {
    const shown = terminal(
      ['-i'],
      [
        `bash-|${cli} run --quiet --python ${PYTHON} ticks.py\\r`,
        // Its last word: an unbuffered print writes each of them by itself.
        'ready|\\x1a',
        // The shell may lose input from before its prompt, and take input from before the job owns the terminal.
        'Stopped|',
        'bash-|jobs -s; fg\\r',
        'continued|one\\r',
        'read one|\\x04',
        'bash-|exit\\r',
      ].join('\n'),
    );
    expect(shown).toContain('front True');
    expect(shown).toMatch(/Stopped .*ticks\.py/);
    expect(shown).toContain('read one');
    expect(shown).toMatch(/STATUS 0$/);
  });
});

describe.skipIf(process.platform !== 'linux')('a command line that is killed', () => {
  test("prints the session folder in advance, and recover saves it with the program's end", async () => {
    place.write('goes_on.py', 'import os, sys\nprint("ready", flush=True)\nos.read(0, 1)\nsys.exit(7)\n');
    const child = spawn(cli, ['run', '--python', PYTHON, '--record', 'never.forkscope', 'goes_on.py'], {
      cwd: place.folder,
      env: environment(place),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    await once(child.stdout, 'data');
    const folder = /recording in (\S+) until/.exec(said)?.[1] ?? '';
    child.kill('SIGKILL');
    await once(child, 'exit');
    const recover = (...args: string[]) =>
      spawnSync(cli, ['recover', ...args], { cwd: place.folder, env: environment(place), encoding: 'utf8' });
    expect(recover('--list').stdout).toContain(folder);
    child.stdin.write('x');
    await until('the helper has noted the end', () => existsSync(`${folder}/session-end.json`));
    const { stdout, status } = recover(folder);
    expect(status).toBe(0);
    const file = / is saved as (\S+)\.$/m.exec(stdout)?.[1] ?? '';
    expect(recorded(file).session.exitCode).toBe(7);
    expect(existsSync(folder)).toBe(false);
    expect(recover('--list').stdout).not.toContain(folder);
  });

  test('the session of a live process is left alone', async () => {
    place.write('waits.py', 'import os\nprint("ready", flush=True)\nos.read(0, 1)\n');
    const child = spawn(cli, ['run', '--python', PYTHON, '--record', 'lives.forkscope', 'waits.py'], {
      cwd: place.folder,
      env: environment(place),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    await once(child.stdout, 'data');
    const folder = /recording in (\S+) until/.exec(said)?.[1] ?? '';
    const result = spawnSync(cli, ['recover', folder], {
      cwd: place.folder,
      env: environment(place),
      encoding: 'utf8',
    });
    expect(result).toMatchObject({ status: 1, stderr: expect.stringContaining('is in use') });
    child.stdin.end('x');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(existsSync(folder)).toBe(false);
  });
});
