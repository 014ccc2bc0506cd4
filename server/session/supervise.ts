import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { writeSessionEnd } from './folder';

export interface Ended {
  readonly pid: number | null;
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * Runs a program with this process's own input, output and terminal, and notes its end in the session folder.
 * Ctrl-C reaches both through the terminal: the program decides what it means, so this process ignores it. A request to
 * end this process is passed on.
 */
export async function supervise(
  folder: string,
  command: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  onStarted?: (pid: number) => void,
): Promise<Ended> {
  const [file = '', ...args] = command;
  const ignore = () => {};
  const passed: NodeJS.Signals[] = process.platform === 'win32' ? [] : ['SIGTERM', 'SIGHUP'];
  process.on('SIGINT', ignore);
  if (process.platform !== 'win32') process.on('SIGQUIT', ignore);
  const ended = await new Promise<Ended>((resolve, reject) => {
    const child = spawn(file, args, { cwd, env, stdio: 'inherit', windowsHide: false });
    const pass = (signal: NodeJS.Signals) => child.kill(signal);
    for (const each of passed) process.on(each, pass);
    child.once('error', (error) => reject(new Error(`${file} could not be started: ${error.message}`)));
    child.once('spawn', () => onStarted?.(child.pid as number));
    child.once('exit', (exitCode, signal) => {
      for (const each of passed) process.off(each, pass);
      resolve({ pid: child.pid ?? null, exitCode, signal });
    });
  }).finally(() => {
    process.off('SIGINT', ignore);
    process.off('SIGQUIT', ignore);
  });
  try {
    writeSessionEnd(folder, { ...ended, endedAt: Date.now() });
  } catch {
    // the folder is gone: nobody asks any more
  }
  return ended;
}

/** A shell's exit status: the program's own, or 128 + the signal that ended it. */
export function shellStatus(ended: Ended): number {
  if (ended.signal !== null) return 128 + (constants.signals[ended.signal] ?? 0);
  return ended.exitCode ?? 1;
}
