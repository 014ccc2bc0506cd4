/**
 * A full disk, a session folder that becomes read-only or vanishes: the program continues, and its totals stay right.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sourceAt } from '../../server/engine/session/open';
import { Session } from '../../server/engine/session/session';
import { FILE_SESSION } from '../../server/protocol/vocabulary';
import {
  channel,
  FULL,
  figure,
  finish,
  PYTHONS,
  ROOT_USER,
  type Run,
  STRANGER,
  start,
  strangersPython,
  until,
} from './harness';

const COUNT = FULL ? 40_000 : 4000;
const FORKS = 8;

/** Mounts a small file system over the session folder. */
function mount(size: string): (folder: string) => void {
  return (folder) => {
    const file = readFileSync(join(folder, FILE_SESSION));
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=700`, 'tmpfs', folder]);
    writeFileSync(join(folder, FILE_SESSION), file, { mode: 0o600 });
  };
}
function unmount(run: Run): void {
  execFileSync('umount', ['-l', run.folder]);
  run.dispose();
}
const canMount = (() => {
  if (process.platform !== 'linux' || !ROOT_USER) return false;
  const tried = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']);
  return tried.status === 0;
})();

async function alone(python: string): Promise<Run['outcome']> {
  const run = start('long_talk.py', [`${COUNT}`], { python, recorded: false });
  await run.ended;
  run.dispose();
  return run.outcome;
}
function on(run: Run): void {
  writeFileSync(`${run.accounts}.on`, '');
}
function off(run: Run): void {
  rmSync(`${run.accounts}.on`, { force: true });
}

test.skipIf(!canMount).each(PYTHONS)(
  'a disk that is full from the start (needs root, to mount a small one), with %s',
  async (python) => {
    for (const size of FULL ? ['40k', '64k', '200k', '600k', '2m'] : ['40k', '200k']) {
      const run = start('long_talk.py', [`${COUNT}`], {
        python,
        prepare: mount(size),
        options: { ring: 1 << 20, meta: 1 << 20 },
      });
      await run.ended;
      expect(run.outcome, size).toEqual(await alone(python));
      const { session, report } = await run.read();
      const seen = report.channels.find((each) => each.name.endsWith('heard'));
      if (seen !== undefined) expect(seen, size).toMatchObject({ sends: COUNT, receives: COUNT });
      figure(
        `a disk of ${size}: ${seen === undefined ? 'not recorded, and says so' : `${seen.sends} messages counted, ${report.session.dropped} of them dropped`}`,
      );
      if (seen === undefined) expect(session.snapshot().status?.warnings ?? [], size).not.toEqual([]);
      session.dispose(false);
      unmount(run);
    }
  },
);

test.skipIf(!canMount).each(PYTHONS)(
  'a disk that fills up in mid-run (needs root, to mount a small one), with %s',
  async (python) => {
    const run = start('long_talk.py', [`${COUNT}`, `${COUNT / 2}`], { python, prepare: mount('4m') });
    await run.noted('half');
    const filler = openSync(join(run.folder, 'filler'), 'w');
    try {
      for (;;) writeSync(filler, Buffer.alloc(4096, 1));
    } catch (error) {
      expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC');
    }
    closeSync(filler);
    on(run);
    await run.ended;
    off(run);
    expect(run.outcome).toEqual(await alone(python));
    rmSync(join(run.folder, 'filler'));
    const { session, report } = await run.read();
    expect(channel(report, 'heard')).toMatchObject({ sends: COUNT, receives: COUNT });
    session.dispose(false);
    unmount(run);
    figure(
      `a disk that filled up in mid-run: ${COUNT} messages counted, ${report.session.dropped} events dropped, with ${python}`,
    );
  },
);

const stranger = ROOT_USER ? strangersPython() : null;
test.skipIf(ROOT_USER && stranger === null)(
  'a session folder that becomes read-only (as root: needs a Python that others may run)',
  async () => {
    const python = stranger ?? PYTHONS[0] ?? 'python3';
    const run = start('long_talk.py', [`${COUNT}`, `${COUNT / 2}`], { python, ...(ROOT_USER && { uid: STRANGER }) });
    await run.noted('half');
    chmodSync(run.folder, 0o500);
    for (const name of readdirSync(run.folder)) chmodSync(join(run.folder, name), 0o400);
    on(run);
    await run.ended;
    off(run);
    expect(run.outcome).toEqual(await alone(python));
    chmodSync(run.folder, 0o700);
    const { session, report } = await run.read();
    expect(channel(report, 'heard')).toMatchObject({ sends: COUNT, receives: COUNT });
    session.dispose(false);
    run.dispose();
    figure(`a folder that became read-only: ${COUNT} messages counted, ${report.session.dropped} events dropped`);
  },
);

test.each(PYTHONS)('a session folder that vanishes, with %s', async (python) => {
  const run = start('long_talk.py', [`${COUNT}`, `${COUNT / 2}`], { python });
  const session = new Session(await sourceAt(run.folder));
  await run.noted('half');
  await until('all of the first half', async () => {
    await session.refresh();
    return (session.report().channels.find((each) => each.name.endsWith('heard'))?.receives ?? 0) >= COUNT / 2;
  });
  rmSync(run.folder, { recursive: true });
  const before = session.report();
  on(run);
  await run.ended;
  off(run);
  expect(run.outcome).toEqual(await alone(python));
  await finish(session);
  const after = session.report();
  expect(channel(after, 'heard').receives).toBeGreaterThanOrEqual(channel(before, 'heard').receives);
  expect(after.processes.length).toBe(FORKS + 1);
  expect(existsSync(run.folder)).toBe(false);
  session.dispose(false);
  run.dispose();
  figure(`a folder that vanished: ${channel(after, 'heard').receives} of ${COUNT} messages seen, with ${python}`);
});
