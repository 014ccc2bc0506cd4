/**
 * Code that sends messages in unexpected places: in signal handlers, finalizers, forking threads, at the interpreter's
 * exit. And clocks that jump.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { sourceAt } from '../../server/engine/session/open';
import { Session } from '../../server/engine/session/session';
import type { ReportMessage } from '../../server/protocol/report';
import { type ShiftedClock, shiftedClock, YEAR } from './clock';
import { both, channel, FULL, figure, finish, PYTHONS, start } from './harness';

describe.each(PYTHONS)('with %s', (python) => {
  test('signal handlers', async () => {
    const rounds = FULL ? 60_000 : 5000;
    const [run, alone] = await both('signals.py', [`${rounds}`], { python });
    expect(run.outcome).toEqual(alone.outcome);
    const handled = run.total().get('handled') ?? 0;
    const { session, report } = await run.read();
    expect(channel(report, 'mine')).toMatchObject({ sends: rounds, receives: rounds });
    expect(channel(report, 'signalled')).toMatchObject({ sends: handled, receives: handled });
    expect(handled).toBeGreaterThan(10);
    session.dispose(false);
    run.dispose();
    figure(`signal handlers: ${handled} messages from them between ${rounds} others, all reported, with ${python}`);
  });

  test('finalizers and weak references', async () => {
    const count = FULL ? 20_000 : 1500;
    const [run, alone] = await both('collected.py', [`${count}`], { python });
    expect(run.outcome).toEqual(alone.outcome);
    const { session, report } = await run.read();
    for (const each of ['dead', 'final', 'heard'])
      expect(channel(report, each)).toMatchObject({ sends: count, receives: count });
    session.dispose(false);
    run.dispose();
    figure(`finalizers: ${2 * count} messages from them, all reported, with ${python}`);
  });

  test('forks in threads', async () => {
    const [threads, forks] = FULL ? [12, 60] : [4, 10];
    const [run, alone] = await both('fork_in_threads.py', [`${threads}`, `${forks}`], { python });
    expect(run.outcome).toEqual(alone.outcome);
    const { session, report } = await run.read();
    expect(report.processes.length).toBe(threads * forks + 1);
    expect(channel(report, 'family')).toMatchObject({ sends: threads * forks, receives: threads * forks });
    const talked = report.channels.filter((each) => each !== channel(report, 'family') && each.owner === 'user');
    expect(talked.map((each) => [each.sends, each.receives])).toEqual(talked.map(() => [forks * 20, forks * 20]));
    expect(talked.length).toBe(threads);
    session.dispose(false);
    run.dispose();
    figure(`forks in threads: ${threads * forks}, all reported, with ${python}`);
  });

  test("the interpreter's exit", async () => {
    for (let round = 0; round < (FULL ? 50 : 3); round++) {
      const [run, alone] = await both('shutdown.py', [], { python });
      expect(run.outcome).toEqual(alone.outcome);
      const { session, report } = await run.read();
      // one of the child, ten of the callback; the finalizer acts after the last entry, and may be in it or not
      expect(channel(report, 'late').sends).toBeGreaterThanOrEqual(11);
      session.dispose(false);
      run.dispose();
    }
  });

  test('a clock that jumps', async () => {
    const count = FULL ? 5000 : 500;
    const [run, alone] = await both('clock.py', [`${count}`], { python });
    expect(run.outcome).toEqual(alone.outcome);
    await expectOrdered(run, count);
    figure(`the program's own clock jumped ${count} times: ${2 * count} messages in order, with ${python}`);
  });
});

const shifted = shiftedClock();
afterAll(() => shifted?.dispose());
test.skipIf(shifted === null).each(PYTHONS)(
  'a wall clock that jumps by years, for the whole system as it seems (needs a C compiler), with %s',
  async (python) => {
    const { library, file, jump } = shifted as ShiftedClock;
    const count = FULL ? 3000 : 300;
    jump(-3 * YEAR);
    const run = start('clock.py', [`${count}`], { python, env: { LD_PRELOAD: library, SHIFTED_CLOCK: file } });
    const session = new Session(await sourceAt(run.folder));
    const looks = setInterval(() => session.poll(), 5);
    const jumps = [5 * YEAR, -10 * YEAR, 0, -3600];
    for (const [at, by] of jumps.entries()) {
      await run.noted('talked', ((at + 1) * count) / 10);
      jump(by);
      // Before the next one: on a busy machine a process may sleep through it.
      await run.noted("the system's clock jumped", at + 1);
    }
    await run.ended;
    clearInterval(looks);
    expect(run.outcome).toEqual({ exitCode: 0, signal: null, stdout: 'end\n', stderr: '' });
    await finish(session);
    const live = session.report();
    expect(live.session.durationMs).toBeLessThan(10 * 60_000);
    expect(channel(live, 'heard')).toMatchObject({ sends: count, receives: count });
    session.dispose(false);
    await expectOrdered(run, count);
    figure(`${jumps.length} jumps of the wall clock: ${2 * count} messages in order, with ${python}`);
  },
);

/** Everything is there, and times only increase. */
async function expectOrdered(run: ReturnType<typeof start>, count: number): Promise<void> {
  const { session, report } = await run.read();
  expect(channel(report, 'heard')).toMatchObject({ sends: count, receives: count });
  const { count: all, matched } = report.messages;
  expect(matched).toBe(all);
  expect(all).toBeGreaterThanOrEqual(count);
  let last = 0;
  for (let id = 0; id < all; id++) {
    const row = session.pages.reported(id) as ReportMessage;
    expect(row.receivedAtMs).toBeGreaterThanOrEqual(row.sentAtMs as number);
    expect(row.sentAtMs).toBeGreaterThanOrEqual(0);
    expect(row.sentAtMs).toBeLessThanOrEqual(report.session.durationMs + 1);
    last = Math.max(last, row.sentAtMs as number);
  }
  expect(last).toBeLessThan(10 * 60_000);
  expect(report.session.durationMs).toBeLessThan(10 * 60_000);
  session.dispose(false);
  run.dispose();
}
