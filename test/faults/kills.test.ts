/** SIGKILL at random moments in random processes: everything from before is in the report. */
import { expect, test } from 'vitest';
import { sourceAt } from '../../server/engine/session/open';
import { Session } from '../../server/engine/session/session';
import type { Report } from '../../server/protocol/report';
import { channel, FULL, figure, finish, PYTHONS, type Run, randomFrom, start } from './harness';

const RUNS = Number(process.env['FORKSCOPE_KILLS'] ?? (FULL ? 1000 : 15));
const SEED = Number(process.env['FORKSCOPE_SEED'] ?? (FULL ? Date.now() % 2 ** 31 : 1));
const CHANNELS = ['tasks_a', 'tasks_b', 'results_a', 'results_b', 'talk_a', 'talk_b', 'family'];
/** Operation of the account → counter of the report. */
const COUNTERS = { put: 'puts', get: 'gets', send: 'sends', recv: 'receives' } as const;

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** Kills all processes, one after the other, in any order and at any moment; returns their number. */
async function killAll(run: Run, random: () => number): Promise<number> {
  let kills = 0;
  for (let round = 0; round < 3; round++) {
    await pause(random() * 25);
    const pids = [...new Set([run.pid, ...run.pids])];
    const pid = pids[Math.floor(random() * pids.length)] as number;
    try {
      process.kill(pid, 'SIGKILL');
      kills++;
    } catch {
      // it had ended
    }
  }
  await run.sweep();
  return kills + 1;
}

interface Tally {
  noted: number;
  reported: number;
  lost: string[];
}

/** Compares a report with the accounts of one run. */
function compare(run: Run, report: Report, tally: Tally): void {
  const accounts = run.accounted();
  const known = new Map(report.processes.map((each) => [each.pid, each]));
  for (const pid of accounts.keys()) if (!known.has(pid)) tally.lost.push(`process ${pid}`);
  const total = run.total();
  for (const name of CHANNELS) {
    for (const [operation, counter] of Object.entries(COUNTERS)) {
      const noted = total.get(`${operation} ${name}`) ?? 0;
      // Simple queues record no calls: a put is a send, a get is a receive.
      const simple = name.startsWith('tasks')
        ? ({ puts: 'sends', gets: 'receives' } as const)[counter as 'puts']
        : counter;
      if (noted === 0) continue;
      const reported = channel(report, name)[simple];
      tally.noted += noted;
      tally.reported += reported;
      if (reported < noted) tally.lost.push(`${noted - reported} × ${operation} ${name}`);
      // The family has one child after the other; of all others, only the operation in progress is missing from an
      // account.
      const most = noted + (name === 'family' ? accounts.size : 1);
      if (reported > most) tally.lost.push(`invented: ${reported - noted} × ${operation} ${name}`);
    }
  }
  for (const each of report.processes)
    if (!['exited', 'killed', 'lost'].includes(each.state)) tally.lost.push(`${each.pid} is still ${each.state}`);
  if (report.session.dropped > 0) tally.lost.push(`${report.session.dropped} dropped`);
}

test(`${RUNS} runs are killed at random moments`, { timeout: RUNS * 20_000 }, async () => {
  const random = randomFrom(SEED);
  const tally: Tally = { noted: 0, reported: 0, lost: [] };
  let kills = 0;
  let processes = 0;
  for (let number = 0; number < RUNS; number++) {
    const kind = random();
    const method = kind < 0.7 ? 'fork' : kind < 0.85 ? 'spawn' : 'forkserver';
    const python = PYTHONS[Math.floor(random() * PYTHONS.length)] as string;
    const run = start('busy.py', [method], { python });
    const watched = random() < 0.5 ? new Session(await sourceAt(run.folder)) : null;
    const timer = setInterval(() => watched?.poll(), 5);
    if (random() < 0.15) await pause(random() * 120);
    else if (random() < 0.5) await run.noted('began', 1 + Math.floor(random() * 3));
    else await run.noted('recv talk_a', 1 + Math.floor(random() * 200));
    kills += await killAll(run, random);
    clearInterval(timer);
    const session = watched ?? new Session(await sourceAt(run.folder));
    await finish(session);
    const before = tally.lost.length;
    const report = session.report();
    processes += report.processes.length;
    compare(run, report, tally);
    if (tally.lost.length > before)
      tally.lost.push(`in run ${number}: ${method}, ${python}, kept: ${run.folder} ${run.accounts}`);
    else run.dispose();
    session.dispose(false);
    if (RUNS > 100 && (number + 1) % 100 === 0) console.log(`${number + 1} runs`);
  }
  figure(
    `seed ${SEED}: ${RUNS} runs, ${kills} kills, ${processes} processes; ${tally.noted} operations had returned, ${tally.reported} are reported, ${tally.lost.length} lost`,
  );
  expect(tally.lost).toEqual([]);
  expect(tally.noted).toBeGreaterThan(RUNS * 10);
});
