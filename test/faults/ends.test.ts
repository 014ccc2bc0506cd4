/** Processes that end abruptly, are stopped, or run out of memory. */
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { both, channel, FULL, figure, PYTHONS, randomFrom, start, until } from './harness';

const COUNT = FULL ? 20_000 : 2000;
const MEMORY = 64 << 20;

describe.each(PYTHONS)('with %s', (python) => {
  test.each([
    ['_exit', { state: 'exited', exitCode: 5, signal: null }],
    ['segv', { state: 'killed', exitCode: null, signal: 'SIGSEGV' }],
    ['abort', { state: 'killed', exitCode: null, signal: 'SIGABRT' }],
    ['kill', { state: 'killed', exitCode: null, signal: 'SIGKILL' }],
    ['memory', { state: 'exited', exitCode: 0, signal: null }],
  ])('%s: earlier events are there', async (way, ended) => {
    const [run, alone] = await both('ends.py', [way, `${COUNT}`], { python });
    expect(run.outcome).toEqual(alone.outcome);
    const { session, report } = await run.read();
    expect(channel(report, 'talks')).toMatchObject({ sends: COUNT, receives: COUNT });
    expect(channel(report, 'own')).toMatchObject({ sends: 100 });
    expect(report.processes.find((each) => each.name === 'child')).toMatchObject(ended);
    if (way !== 'memory') expect(report.processes.find((each) => each.origin === 'main')).toMatchObject(ended);
    session.dispose(false);
    run.dispose();
    figure(`${way}: ${COUNT} messages before it, none lost, with ${python}`);
  });
});

test('processes that are stopped and continued, again and again', async () => {
  const random = randomFrom(3);
  const rounds = FULL ? 3000 : 400;
  const run = start('busy.py', ['fork', `${rounds}`]);
  await run.noted('began', 3);
  let stops = 0;
  const ended = run.ended.then(() => true);
  const pause = () => new Promise<false>((done) => setTimeout(() => done(false), random() * 8));
  while (!(await Promise.race([ended, pause()]))) {
    const pids = run.pids;
    const pid = pids[Math.floor(random() * pids.length)] as number;
    try {
      process.kill(pid, 'SIGSTOP');
      stops++;
      await pause();
    } catch {
      // it had ended
    }
    for (const each of run.pids) {
      try {
        process.kill(each, 'SIGCONT');
      } catch {
        // it too
      }
    }
  }
  expect(run.outcome).toEqual({ exitCode: 0, signal: null, stdout: 'done\n', stderr: '' });
  const { session, report } = await run.read();
  for (const each of ['results_a', 'results_b'])
    expect(channel(report, each)).toMatchObject({ puts: rounds, gets: rounds, sends: rounds, receives: rounds });
  for (const each of ['tasks_a', 'tasks_b', 'talk_a', 'talk_b'])
    expect(channel(report, each)).toMatchObject({ sends: rounds, receives: rounds });
  session.dispose(false);
  run.dispose();
  figure(`stopped and continued ${stops} times: ${rounds} rounds, all of them reported`);
});

/** A control group with a memory limit, if this machine allows one: below the v2 hierarchy or the v1 hierarchy. */
function limitedGroup(): string | null {
  for (const [parent, limits] of [
    ['/sys/fs/cgroup', ['memory.max', 'memory.swap.max']],
    ['/sys/fs/cgroup/memory', ['memory.limit_in_bytes', 'memory.memsw.limit_in_bytes']],
  ] as const) {
    const group = `${parent}/forkscope-faults-${process.pid}`;
    try {
      mkdirSync(group);
      const [most, withSwap] = limits.map((each) => `${group}/${each}`) as [string, string];
      if (!existsSync(most)) throw new Error('an ordinary folder');
      writeFileSync(most, `${MEMORY}`);
      // v1 limits memory and swap together. A kernel without swap has neither file.
      if (existsSync(withSwap)) writeFileSync(withSwap, withSwap.endsWith('.max') ? '0' : `${MEMORY}`);
      return group;
    } catch {
      if (existsSync(group)) rmdirSync(group);
    }
  }
  return null;
}

const limited = process.platform === 'linux' ? limitedGroup() : null;
afterAll(() => limited !== null && existsSync(limited) && rmdirSync(limited));
test.skipIf(limited === null)(
  'killed by the kernel for want of memory (needs a control group of our own)',
  async () => {
    const through = ['sh', '-c', `echo $$ > ${limited}/cgroup.procs; exec "$@"`, 'sh'];
    const run = start('hungry.py', ['2000'], { through });
    await run.ended;
    expect(run.stdout).toBe('child -9\n');
    const { session, report } = await run.read();
    expect(channel(report, 'talks')).toMatchObject({ sends: 2000, receives: 2000 });
    expect(report.processes.find((each) => each.name === 'child')).toMatchObject({
      state: 'killed',
      signal: 'SIGKILL',
    });
    session.dispose(false);
    run.dispose();
    await until('the end of the control group', () => removed(limited as string));
  },
);

function removed(group: string): boolean {
  try {
    rmdirSync(group);
    return true;
  } catch {
    return false; // the last of its processes is exiting
  }
}
