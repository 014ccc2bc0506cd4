/** A measured program, and the ways to run it: bare, recorded, under a peer. */
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSessionFolder, sessionEnvironment } from '../../server/engine/session/folder';

export interface Program {
  /** The interpreter's arguments. */
  readonly args: readonly string[];
  /** Absolute path of the script among them. */
  readonly script: string;
}

/** Runs a program to its end; returns its output. Rejects if it failed. */
export type Run = (program: Program) => Promise<string>;

/** Longer than any workload takes under the slowest peer. */
const PATIENCE = 120_000;

export function bare(python: string): Run {
  return (program) => finished([python, ...program.args], process.env);
}

const recordings: string[] = [];

/**
 * Recorded into a session folder that stays until `discardRecordings`, with its files truncated: before ext4 assigns an
 * inode to a new file it skips those freed in the last seconds, one by one, so that the runs after a deletion would pay
 * for it (0.3 to 0.7 ms per file, instead of 0.015).
 */
export function recorded(python: string, native: boolean): Run {
  return async (program) => {
    const command = [python, ...program.args];
    const { folder } = createSessionFolder({ command, cwd: process.cwd(), python });
    recordings.push(folder);
    try {
      return await finished(command, sessionEnvironment(folder, process.env, { native: native ? 1 : 0 }));
    } finally {
      for (const file of readdirSync(folder)) truncateSync(join(folder, file)); // so that nothing is written to the disk later
    }
  };
}

/** To be called after the last measurement. */
export function discardRecordings(): void {
  for (const folder of recordings.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Its output goes to a file: processes that a peer leaves in the background may keep a pipe open. */
export async function finished(
  [file, ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
  whateverStatus = false,
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'forkscope-out-'));
  const [out, problems] = [join(folder, 'out'), join(folder, 'err')];
  const fds = [openSync(out, 'w'), openSync(problems, 'w')] as const;
  try {
    const child = spawn(file as string, args, { env, stdio: ['ignore', ...fds], detached: true });
    const [status, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      const timer = setTimeout(() => killGroup(child.pid), PATIENCE);
      child.once('error', reject);
      child.once('exit', (...how) => {
        clearTimeout(timer);
        killGroup(child.pid);
        resolve(how);
      });
    });
    if (status !== 0 && !whateverStatus) {
      const said = readFileSync(problems, 'utf8').slice(-1000);
      throw new Error(`${[file, ...args].join(' ')} ended with ${status ?? signal}: ${said}`);
    }
    return readFileSync(out, 'utf8');
  } finally {
    for (const each of fds) closeSync(each);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Also ends processes that a peer left in the background. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // no process left
  }
}
