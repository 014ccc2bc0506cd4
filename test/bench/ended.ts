/**
 * The cost of polling a live session by its number of ended processes. Runs in a separate process, so that its CPU time
 * is its own.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSessionFile } from '../../server/engine/session/folder';
import { Session } from '../../server/engine/session/session';
import * as v from '../../server/protocol/vocabulary';
import { journalBytes } from '../fuzz/build';

export interface Ended {
  readonly processes: number;
  /** CPU ms of one poll while nothing happens. */
  readonly poll: number;
  /** Number of open files then. */
  readonly open: number;
}

const MAIN = 1;
/** Number of measured polls; a quiet session has 10 to 20 per second. */
const LOOKS = 4000;
const SETTLES = 3000;

/** A session with a live main process (this one) and that many ended children. */
export async function ended(processes: number): Promise<Ended> {
  const folder = mkdtempSync(join(tmpdir(), 'forkscope-bench-'));
  try {
    family(join(folder, 'session'), processes);
    const session = new Session({
      folder: join(folder, 'session'),
      file: readSessionFile(join(folder, 'session')),
      path: folder,
      recorded: false,
      temporary: false,
    });
    // As long as journals stay open for late events.
    for (const until = Date.now() + SETTLES; Date.now() < until; ) {
      await session.refresh();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    if (session.model.alive !== 1 || session.model.processes.all.length !== processes + 1)
      throw new Error(`${session.model.processes.all.length} processes, ${session.model.alive} alive.`);
    const look = (times: number) => {
      for (let i = 0; i < times; i++) {
        session.poll();
        session.takeDelta();
      }
    };
    look(LOOKS / 10);
    const before = process.cpuUsage();
    look(LOOKS);
    const { user, system } = process.cpuUsage(before);
    const { open } = session.reading;
    session.dispose(false);
    return { processes, poll: (user + system) / 1e3 / LOOKS, open };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function family(folder: string, processes: number): void {
  mkdirSync(folder, { mode: 0o700 });
  const about = { format: 'forkscope-session', version: 1, id: 'bench', command: ['python3', 'bench.py'], cwd: '/' };
  const where = { python: 'python3', platform: process.platform, startedAt: Date.now() };
  writeFileSync(join(folder, v.FILE_SESSION), JSON.stringify({ ...about, ...where }));
  const now = Number(process.hrtime.bigint());
  const begin = { type: 'process', t: now, argv: ['python3', 'bench.py'], python: '3.11.0', loc: 0 };
  const first = 2 ** 23; // pids that no system assigns
  const ends = Array.from({ length: processes }, (_, index) => [
    { type: 'fork', t: now + 2e3, pid: first + index, loc: 0, call: 'fork' },
    { type: 'reap', t: now + 3e3, pid: first + index, code: 0, signal: null },
  ]);
  journal(folder, MAIN, process.pid, 0, now, [begin, ...ends.flat()]);
  for (let index = 0; index < processes; index++)
    journal(folder, MAIN + 1 + index, first + index, MAIN, now + 1e3, [{ ...begin, t: now + 1e3 }]);
}

function journal(folder: string, uid: number, pid: number, parent: number, at: number, records: readonly object[]) {
  const parts = records.map((each) => ({ text: JSON.stringify(each), skew: 0, last: v.META_KIND_LAST }));
  const bytes = journalBytes(
    uid,
    parent,
    parts,
    [],
    [],
    [
      [v.HEADER_AT_PID, 4, BigInt(pid)],
      [v.HEADER_AT_CREATED_MONO, 8, BigInt(at)],
    ],
  );
  writeFileSync(join(folder, `${pid}-${uid.toString(16)}${v.JOURNAL_SUFFIX}`), bytes, { mode: 0o600 });
}
