import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { exists, facts } from '../../../server/control/processes';
import { control } from '../../../server/control/signals';
import { PYTHON, until } from '../session/programs';

const linux = process.platform === 'linux';
const GONE = 2 ** 22 + 1; // above Linux's largest pid

test('facts about ourselves', () => {
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
])('a zombie of %s tells how it ended', async (end, ended) => {
  const parent = spawn(PYTHON, ['-c', ZOMBIE(end)]);
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  const zombie = await until('it is a zombie', () => (facts(pid)?.zombie ? facts(pid) : undefined));
  expect(zombie.ended).toEqual(ended);
  expect(control({ pid, name: 'child', startTicks: null }, 'kill').error).toMatch(
    /child \(pid \d+\) has ended already/,
  );
  parent.stdin.end();
  await once(parent, 'exit');
});

test('signals reach the process that was meant, and no other with its pid', async () => {
  const child = spawn(PYTHON, ['-c', 'import time; print("up", flush=True); time.sleep(30)']);
  await once(child.stdout, 'data');
  const pid = child.pid as number;
  const startTicks = facts(pid)?.startTicks ?? null;
  if (linux) {
    expect(control({ pid, name: 'other', startTicks: (startTicks ?? 0) - 1 }, 'kill').error).toMatch(
      /has ended already/,
    );
    expect(facts(pid)?.zombie).toBe(false);
  }
  expect(control({ pid, name: 'child', startTicks }, 'terminate')).toEqual({});
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  if (process.platform !== 'win32') expect(signal).toBe('SIGTERM');
  expect(control({ pid, name: 'child', startTicks }, 'kill').error).toMatch(/has ended already/);
});
