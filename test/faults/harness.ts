/** Runs programs with injected faults, reads their accounts (programs/account.py) and Forkscope's report. */
import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { findPython } from '../../server/engine/launch/python';
import { createSessionFolder, sessionEnvironment, writeSessionEnd } from '../../server/engine/session/folder';
import { sourceAt } from '../../server/engine/session/open';
import { Session } from '../../server/engine/session/session';
import type { Report, ReportChannel } from '../../server/protocol/report';

/** All tests (`npm run test:faults`), or the part that `npm test` runs. */
export const FULL = process.env['FORKSCOPE_FAULTS'] === 'full';
export const PROGRAMS = resolve(import.meta.dirname, 'programs');
/** Not the system's temporary folder itself: each test creates its files in its own folder. */
const TEMPORARY = process.env['TMPDIR'] ?? '/tmp';
/** The interpreter itself, not a script that starts it: hundreds of them are started. */
const PYTHON = (() => {
  const found = findPython(PROGRAMS, { PATH: process.env['PATH'] }) ?? 'python3';
  const asked = spawnSync(found, ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' });
  return asked.stdout?.trim() || found;
})();
/** The oldest and the newest in FORKSCOPE_TEST_PYTHONS, and the default one. */
export const PYTHONS: readonly string[] = (() => {
  const listed = (process.env['FORKSCOPE_TEST_PYTHONS'] ?? '').split(delimiter).filter(Boolean);
  const ends = [listed[0], listed.at(-1)].filter((each) => each !== undefined);
  return FULL ? [...new Set([PYTHON, ...ends])] : [PYTHON];
})();
export const ROOT_USER = process.getuid?.() === 0;
/** Another user, for tests that run as root. */
export const STRANGER = 61_234;

interface Launch {
  readonly python?: string;
  /** Of the runtime, as in FORKSCOPE_OPTIONS. */
  readonly options?: Readonly<Record<string, number>>;
  readonly env?: NodeJS.ProcessEnv;
  /** Runs as this user, who owns the session folder. */
  readonly uid?: number;
  /** False: without Forkscope. */
  readonly recorded?: boolean;
  /** A folder whose sitecustomize starts the runtime instead of its own one. */
  readonly inject?: string;
  /** Words before the interpreter on the command line. */
  readonly through?: readonly string[];
  /** Called with the environment before the program starts. */
  readonly prepare?: (folder: string) => void;
}

/** A running program. It leads its own process group. */
export class Run {
  stdout = '';
  stderr = '';
  exitCode: number | null = null;
  signal: NodeJS.Signals | null = null;
  readonly ended: Promise<void>;

  constructor(
    readonly child: ChildProcess,
    readonly folder: string,
    readonly accounts: string,
  ) {
    child.stdout?.on('data', (data) => {
      this.stdout += data;
    });
    child.stderr?.on('data', (data) => {
      this.stderr += data;
    });
    this.ended = new Promise((done) => {
      child.once('close', (exitCode, signal) => {
        this.exitCode = exitCode;
        this.signal = signal;
        try {
          writeSessionEnd(folder, { pid: child.pid ?? null, exitCode, signal, endedAt: Date.now() });
        } catch {
          // the folder itself was damaged
        }
        done();
      });
    });
  }

  get pid(): number {
    return this.child.pid as number;
  }
  /** How it ended, for comparison with the same program run bare. */
  get outcome(): { exitCode: number | null; signal: string | null; stdout: string; stderr: string } {
    const { exitCode, signal, stdout, stderr } = this;
    return { exitCode, signal, stdout, stderr };
  }
  /** Pids with an account. */
  get pids(): number[] {
    return readdirSync(this.accounts).map(Number);
  }
  /** How often each operation was recorded, by pid. */
  accounted(): Map<number, Map<string, number>> {
    return new Map(this.pids.map((pid) => [pid, countLines(readFileSync(join(this.accounts, `${pid}`), 'utf8'))]));
  }
  /** All accounts together. */
  total(): Map<string, number> {
    const sums = new Map<string, number>();
    for (const counts of this.accounted().values())
      for (const [what, count] of counts) sums.set(what, (sums.get(what) ?? 0) + count);
    return sums;
  }

  /** Waits until an account contains it. */
  async noted(what: string, times = 1): Promise<void> {
    await until(
      `${times} × ${what}; it says: ${this.stdout}${this.stderr}`,
      () => (this.total().get(what) ?? 0) >= times,
    );
  }
  /** Kills the rest of its process group, and waits until it is empty. */
  async sweep(): Promise<void> {
    try {
      process.kill(-this.pid, 'SIGKILL');
    } catch {
      // no process left
    }
    await this.ended;
    await until('the end of its group', () => !groupLives(this.pid));
  }
  /** Reads the session to its end, as when opened now. */
  async read(): Promise<{ session: Session; report: Report }> {
    const session = new Session(await sourceAt(this.folder));
    await finish(session);
    return { session, report: session.report() };
  }
  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
    rmSync(this.accounts, { recursive: true, force: true });
  }
}

function countLines(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of text.split('\n').slice(0, -1)) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}

/** Whether a process of this group is alive: zombies do not count. */
function groupLives(group: number): boolean {
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const [state, , pgrp] = readFileSync(`/proc/${name}/stat`, 'latin1')
        .replace(/^.*\) /s, '')
        .split(' ');
      if (Number(pgrp) === group && state !== 'Z' && state !== 'X') return true;
    } catch {
      // it is gone
    }
  }
  return false;
}

/** Starts one of the programs of this folder, recorded into its own session folder. */
export function start(script: string, args: readonly string[] = [], launch: Launch = {}): Run {
  const { python = PYTHON, options = {}, env = {}, uid, recorded = true, through = [] } = launch;
  const command = [...through, python, join(PROGRAMS, script), ...args];
  const { folder } = createSessionFolder({ command, cwd: PROGRAMS, python });
  const accounts = mkdtempSync(join(TEMPORARY, 'forkscope-account-'));
  if (uid !== undefined) for (const each of [folder, accounts]) chownSync(each, uid, uid);
  launch.prepare?.(folder);
  const base: NodeJS.ProcessEnv = { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ACCOUNT: accounts, ...env };
  for (const name of Object.keys(base)) if (/^FORKSCOPE_(?!TEST|NATIVE)/.test(name)) delete base[name];
  const spawning: SpawnOptions = {
    env: recorded
      ? {
          ...sessionEnvironment(folder, base, options),
          ...(launch.inject !== undefined && { PYTHONPATH: launch.inject }),
        }
      : base,
    cwd: PROGRAMS,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid !== undefined && { uid, gid: uid }),
  };
  return new Run(spawn(command[0] as string, command.slice(1), spawning), folder, accounts);
}

/** Runs a program with and without Forkscope: the visible behavior must be the same. */
export async function both(script: string, args: readonly string[] = [], launch: Launch = {}): Promise<[Run, Run]> {
  const alone = start(script, args, { ...launch, recorded: false });
  await alone.ended;
  alone.dispose();
  const seen = start(script, args, launch);
  await seen.ended;
  return [seen, alone];
}

/** Reads until the session is over. */
export async function finish(session: Session): Promise<void> {
  await until('the end of the session', async () => {
    session.lookSoon();
    await session.refresh();
    return session.finished;
  });
}

/** The user's channel of this name; of a pipe, that of its reading end. */
export function channel(report: Report, name: string): ReportChannel {
  const found = report.channels.filter((each) => each.name.split(' → ').at(-1) === name);
  if (found.length !== 1)
    throw new Error(`${found.length} channels ${name} among ${report.channels.map((each) => each.name).join(', ')}`);
  return found[0] as ReportChannel;
}

/** Polls until the result is truthy; fails after a minute. */
export async function until(what: string, look: () => unknown, patience = 60_000): Promise<void> {
  const end = Date.now() + patience;
  while (!(await look())) {
    if (Date.now() > end) throw new Error(`It never came to this: ${what}`);
    await new Promise((done) => setTimeout(done, 5));
  }
}

/** Reproducible random numbers. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A Python that another user can run with our runtime and programs; null if there is none. Requires root. */
export function strangersPython(): string | null {
  const runtime = resolve(import.meta.dirname, '../../server/runtime/inject/sitecustomize.py');
  const ask = `import sys; [open(name).close() for name in sys.argv[1:]]`;
  for (const python of [PYTHON, '/usr/bin/python3', '/usr/local/bin/python3']) {
    const asked = spawnSync(python, ['-c', ask, runtime, join(PROGRAMS, 'busy.py')], { uid: STRANGER, gid: STRANGER });
    if (asked.status === 0) return python;
  }
  return null;
}

/** A figure for the reader: printed at the end of the run. */
export function figure(text: string): void {
  console.log(`figure: ${text}`);
}

/** A new folder below the temporary one. */
export function folderFor(name: string): string {
  return mkdtempSync(join(TEMPORARY, `forkscope-${name}-`));
}
