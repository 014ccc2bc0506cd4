/** Exhausted descriptors, daemons, crowds and fork bombs. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  both,
  channel,
  FULL,
  figure,
  folderFor,
  PYTHONS,
  ROOT_USER,
  STRANGER,
  start,
  strangersPython,
  until,
} from './harness';

test.each(PYTHONS)('descriptors run out, with %s', async (python) => {
  const count = FULL ? 20_000 : 2000;
  const [run, alone] = await both('descriptors.py', [`${count}`], { python });
  expect(run.outcome).toEqual(alone.outcome);
  expect(run.exitCode).toBe(0);
  const { session, report } = await run.read();
  expect(channel(report, 'numbers')).toMatchObject({ sends: 2 * count, receives: 2 * count });
  expect(channel(report, 'heard').receives).toBe(2 * count + 1);
  session.dispose(false);
  run.dispose();
  figure(
    `without descriptors: ${4 * count} messages counted, ${report.session.dropped} events dropped, with ${python}`,
  );
});

test.each(PYTHONS)('a daemon that closes every descriptor, with %s', async (python) => {
  const place = folderFor('daemon');
  const run = start('daemon.py', [place], { python });
  await run.ended;
  await until('the end of the daemon', () => existsSync(join(place, 'done')));
  for (const [fd, name] of ['in', 'out', 'err', 'done'].entries())
    expect(readFileSync(join(place, name), 'utf8')).toBe(`${fd}\n`);
  const { session, report } = await run.read();
  expect(channel(report, 'heard')).toMatchObject({ sends: 3000, receives: 3000 });
  expect(report.processes.length).toBe(6);
  session.dispose(false);
  run.dispose();
  rmSync(place, { recursive: true });
});

test('a thousand children at once', { timeout: 600_000 }, async () => {
  const count = FULL ? 1000 : 120;
  const [run, alone] = await both('crowd.py', [`${count}`]);
  expect(run.outcome).toEqual(alone.outcome);
  const { session, report } = await run.read();
  expect(report.processes.length).toBe(count + 1);
  expect(new Set(report.processes.map((each) => each.pid))).toEqual(new Set([run.pid, ...run.pids]));
  expect(channel(report, 'answers')).toMatchObject({ sends: count, receives: count, depth: 0 });
  expect(report.messages).toMatchObject({ unmatchedReceives: 0 });
  expect(report.processes.filter((each) => each.state === 'exited').length).toBe(count + 1);
  session.dispose(false);
  run.dispose();
  figure(`${count} children at once: all of them and their messages reported`);
});

const stranger = ROOT_USER ? strangersPython() : null;
test.skipIf(stranger === null)(
  'a fork bomb that the limit on processes stops (needs root, to be another user)',
  { timeout: 300_000 },
  async () => {
    const limit = FULL ? 200 : 60;
    const [run, alone] = await both('bomb.py', [`${limit}`], { python: stranger as string, uid: STRANGER });
    expect(run.outcome).toEqual(alone.outcome);
    expect(run.stdout).toBe('over\n');
    const { born = 0, refused = 0 } = Object.fromEntries(run.total());
    expect(refused).toBeGreaterThan(0);
    const { session, report } = await run.read();
    const reported = new Set(report.processes.map((each) => each.pid));
    expect(run.pids.filter((pid) => !reported.has(pid))).toEqual([]);
    session.dispose(false);
    run.dispose();
    figure(`a fork bomb: ${born} processes born, ${refused} refused; all that were born are reported`);
  },
);
