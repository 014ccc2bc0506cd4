/** Processes whose monotonic clock differs from the reader's: in their own time namespace, as in some containers. */
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sourceAt } from '../../server/engine/session/open';
import { Session } from '../../server/engine/session/session';
import type { Report, ReportMessage } from '../../server/protocol/report';
import type { Wait } from '../../server/protocol/views';
import { channel, FULL, figure, finish, folderFor, PYTHONS, type Run, start, until } from './harness';

const COUNT = FULL ? 2000 : 200;
/** Before the machine was booted no offset is possible. */
const uptime = process.platform === 'linux' ? Number.parseInt(readFileSync('/proc/uptime', 'utf8'), 10) : 0;
const AHEAD = 100_000;
const BEHIND = -Math.floor(uptime / 2);
const elsewhere = (seconds: number) => ['unshare', '--time', '--monotonic', `${seconds}`, '--boottime', `${seconds}`];
const allowed = (() => {
  const [file = '', ...args] = [...elsewhere(AHEAD), 'true'];
  return process.platform === 'linux' && spawnSync(file, args).status === 0;
})();

test.skipIf(!allowed).each(
  PYTHONS.flatMap((python) =>
    [AHEAD, BEHIND, 20].flatMap((seconds) => [
      { who: 'the program', seconds, python },
      { who: 'a child', seconds, python },
    ]),
  ),
)(
  '$who keeps a clock that is $seconds s from the others (needs a time namespace), with $python',
  async ({ who, seconds, python }) => {
    const place = folderFor('clock');
    const wrapper = join(place, 'python');
    writeFileSync(wrapper, `#!/bin/sh\nexec ${elsewhere(seconds).join(' ')} "${python}" "$@"\n`);
    chmodSync(wrapper, 0o755);
    const run =
      who === 'a child'
        ? start('other_clock.py', [`${COUNT}`, wrapper], { python })
        : start('other_clock.py', [`${COUNT}`], { python, through: elsewhere(seconds) });
    const session = new Session(await sourceAt(run.folder));
    await run.noted('talked');
    // Not at the end, when everything is applied anyway.
    await until('all answers', async () => {
      await session.refresh();
      return answered(session.report()) === COUNT;
    });
    await until('the child, waiting', async () => {
      await session.refresh();
      return childWait(session)?.operation === 'get';
    });
    const { sinceMs = -1 } = childWait(session) ?? {};
    const now = session.report().session.durationMs;
    expect(sinceMs).toBeGreaterThan(0);
    expect(sinceMs).toBeLessThanOrEqual(now);
    expect(now).toBeLessThan(60_000);
    writeFileSync(`${run.accounts}.on`, '');
    await run.ended;
    rmSync(`${run.accounts}.on`);
    expect(run.outcome).toEqual({ exitCode: 0, signal: null, stdout: 'end\n', stderr: '' });
    await finish(session);
    const recording = join(place, 'run.forkscope');
    await session.save(recording);
    expectOrdered(session, run);
    session.dispose(false);
    const again = new Session(await sourceAt(recording));
    await finish(again);
    expectOrdered(again, run);
    again.dispose(false);
    run.dispose();
    rmSync(place, { recursive: true });
    figure(`${who}'s clock ${seconds} s from the others: ${2 * COUNT} messages in order, with ${python}`);
  },
);

function answered(report: Report): number {
  return report.channels.find((each) => each.name === 'answers')?.receives ?? 0;
}
function childWait(session: Session): Wait | undefined {
  const { processes = [], processStatus = [] } = session.snapshot();
  const id = processes.find((each) => each.name === 'child')?.id;
  return processStatus.find((each) => each.id === id)?.waits[0];
}

/** Each answer comes after its question, and everything within the elapsed time. */
function expectOrdered(session: Session, run: Run): void {
  const report = session.report();
  expect(channel(report, 'questions')).toMatchObject({ sends: COUNT + 1, receives: COUNT + 1 });
  expect(channel(report, 'answers')).toMatchObject({ sends: COUNT, receives: COUNT });
  expect(report.messages.matched).toBe(report.messages.count);
  expect(report.session.durationMs).toBeLessThan(60_000);
  expect(report.findings).toEqual([]);
  const ends = report.processes.map(({ state, exitCode }) => ({ state, exitCode }));
  expect(ends).toEqual(ends.map(() => ({ state: 'exited', exitCode: 0 })));
  expect(report.processes.map((each) => each.pid)).toContain(run.pids[0]);
  const rows = Array.from({ length: report.messages.count }, (_, id) => session.pages.reported(id) as ReportMessage);
  let last = 0;
  for (const row of rows.filter((each) => each.channel === 'questions' || each.channel === 'answers')) {
    expect(row.sentAtMs).toBeGreaterThanOrEqual(last);
    expect(row.receivedAtMs).toBeGreaterThanOrEqual(row.sentAtMs as number);
    expect(row.receivedAtMs).toBeLessThanOrEqual(report.session.durationMs + 1);
    // One question at a time: the next message is sent after this one was received.
    last = row.receivedAtMs as number;
  }
}
