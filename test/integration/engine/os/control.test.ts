import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { belongsTo } from '../../../../server/engine/os/membership';
import { exists, facts } from '../../../../server/engine/os/processes';
import { control, type Target } from '../../../../server/engine/os/signals';
import { ofPosix } from '../../../../server/engine/os/startTimes';
import { Workplace } from '../../../shared/workplace';
import { PYTHON, until } from '../session/programs';

const linux = process.platform === 'linux';
const FOLDER = '/tmp/forkscope-of-this-test';
const inSession = { ...process.env, FORKSCOPE_SESSION: FOLDER };
const target = (pid: number, name: string, startTicks: number | null): Target => ({
  pid,
  name,
  startTicks,
  belongs: false,
  folder: FOLDER,
  firstSeen: Date.now(),
});
const GONE = 2 ** 22 + 1; // above Linux's largest pid

test('facts about this process', () => {
  const ours = facts(process.pid);
  expect(ours).toMatchObject({ zombie: false, ended: null });
  if (linux) {
    expect(ours?.startTicks).toBeGreaterThan(0);
    expect(ours?.memoryBytes).toBeGreaterThan(10_000_000);
    expect(ours?.cpuSeconds).toBeGreaterThan(0);
  }
  expect(facts(GONE)).toBeNull();
  expect(exists(GONE)).toBe(false);
});

// The parent lets its child become a zombie and waits.
const ZOMBIE = (end: string) =>
  `import os, sys, signal\npid = os.fork()\nif pid == 0:\n    ${end}\nprint(pid, flush=True)\nsys.stdin.read()\n`;

test.runIf(linux).each([
  ['os._exit(7)', { code: 7, signal: null }],
  ['os._exit(0)', { code: 0, signal: null }],
  ['os.kill(os.getpid(), signal.SIGKILL)', { code: null, signal: 9 }],
])('a zombie of %s has its exit status', async (end, ended) => {
  const parent = spawn(PYTHON, ['-c', ZOMBIE(end)]);
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  const zombie = await until('it is a zombie', () => (facts(pid)?.zombie ? facts(pid) : undefined));
  expect(zombie.ended).toEqual(ended);
  expect(control(target(pid, 'child', null), 'kill').error).toMatch(/child \(pid \d+\) has ended already/);
  parent.stdin.end();
  await once(parent, 'exit');
});

test('signals reach the intended process, and no other with its pid', async () => {
  const child = spawn(PYTHON, ['-c', 'import time; print("up", flush=True); time.sleep(30)'], { env: inSession });
  await once(child.stdout, 'data');
  const pid = child.pid as number;
  const startTicks = facts(pid)?.startTicks ?? null;
  if (linux) {
    expect(control(target(pid, 'other', (startTicks ?? 0) - 1), 'kill').error).toMatch(/has ended already/);
    // Without a complete identity no signal is sent.
    for (const unsure of [target(pid, 'other', null), { ...target(pid, 'other', startTicks), folder: '/tmp/another' }])
      expect(control(unsure, 'kill').error).toMatch(/Nothing shows that the process with pid \d+ is still other/);
    expect(facts(pid)?.zombie).toBe(false);
  }
  expect(control({ ...target(pid, 'child', startTicks), pid: null }, 'kill').error).toMatch(/PID namespace/);
  expect(control(target(pid, 'child', startTicks), 'terminate')).toEqual({});
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  if (process.platform !== 'win32') expect(signal).toBe('SIGTERM');
  expect(control(target(pid, 'child', startTicks), 'kill').error).toMatch(/has ended already/);
});

test.runIf(linux)('what belongs to a session: by its journal, its environment, or whom it descends from', async () => {
  const bare = { ...process.env };
  delete bare['FORKSCOPE_SESSION'];
  const place = new Workplace();
  try {
    const folder = place.path('forkscope-abc');
    mkdirSync(folder);
    const run = async (source: string, env: NodeJS.ProcessEnv) => {
      const child = spawn(PYTHON, ['-c', `${source}\nimport sys\nprint(pid, flush=True)\nsys.stdin.read()`], { env });
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      return { child, pid: Number(line.toString()), own: child.pid as number };
    };
    const map = (name: string) =>
      `import mmap, os\npid = os.getpid()\nfile = open(${JSON.stringify(place.path(name))}, "w+b")\nfile.write(b"x" * 4096)\nfile.flush()\nheld = mmap.mmap(file.fileno(), 4096)`;
    const CHILD =
      'import subprocess\nchild = subprocess.Popen(["sleep", "30"], env={})\npid = child.pid\nimport atexit\natexit.register(child.kill)';
    const tried = [
      [await run(map('forkscope-abc/12-ab.fsj'), bare), true],
      [await run(map('forkscope-abc/12-ab.txt'), bare), false],
      [await run(map('12-ab.fsj'), bare), false],
      [await run('import os; pid = os.getpid()', { ...bare, FORKSCOPE_SESSION: folder }), true],
      [await run('import os; pid = os.getpid()', { ...bare, FORKSCOPE_SESSION: `${folder}x` }), false],
      [await run(CHILD, { ...bare, FORKSCOPE_SESSION: folder }), true],
      [await run(CHILD, bare), false],
    ] as const;
    expect(tried.map(([{ pid }]) => belongsTo(folder, pid))).toEqual(tried.map(([, is]) => is));
    for (const [{ child }] of tried) {
      child.stdin.end();
      await once(child, 'exit');
    }
  } finally {
    place.dispose();
  }
});

test('start times in the format of ps', () => {
  const times = ofPosix('    1 Sat Nov 28 09:11:12 2026\n 4711 Sun Nov 29 01:02:03 2026    \nno line\n');
  expect([...times]).toEqual([
    [1, Date.UTC(2026, 10, 28, 9, 11, 12)],
    [4711, Date.UTC(2026, 10, 29, 1, 2, 3)],
  ]);
});
