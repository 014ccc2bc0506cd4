/**
 * Runs one program, bare or under Forkscope: through the command line that users type, without the tests' own code in
 * between.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../../server/protocol/report';
import { type Ran, ROOT } from './ran';

interface Wanted {
  readonly python: string;
  /** A script and its arguments, or ['-m', module, …]. */
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Null runs the program bare; else the file for Forkscope's report. */
  readonly report: string | null;
  readonly limitSeconds: number;
  /** Prints findings to stderr when raised, also those of hangs that are withdrawn later. */
  readonly findings?: boolean;
}

export async function run(wanted: Wanted): Promise<Ran> {
  const { python, args, report } = wanted;
  const [file, all]: [string, string[]] =
    report === null
      ? [python, [...args]]
      : [
          process.execPath,
          [
            join(ROOT, 'dist/cli.js'),
            'run',
            ...(wanted.findings === true ? [] : ['--quiet']),
            '--python',
            python,
            '--report',
            report,
            ...args,
          ],
        ];
  const begun = performance.now();
  const child = spawn(file, all, {
    cwd: wanted.cwd,
    env: { ...process.env, ...wanted.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // its own group, so that all of it can be ended
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data: Buffer) => {
    stdout += data.toString('utf8');
  });
  child.stderr.on('data', (data: Buffer) => {
    stderr += data.toString('utf8');
  });
  let timedOut = false;
  const end = () => {
    timedOut = true;
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL');
    } catch {
      // it has just ended
    }
  };
  const timer = setTimeout(end, wanted.limitSeconds * 1000);
  const code = await new Promise<number | null>((resolve) => {
    child.on('error', () => resolve(127));
    // Not `close`: a process that outlives the program may keep the pipes open.
    child.on('exit', (status) => setTimeout(() => resolve(status), 50));
  });
  clearTimeout(timer);
  const seconds = (performance.now() - begun) / 1000;
  const read = report !== null && existsSync(report) ? (JSON.parse(readFileSync(report, 'utf8')) as Report) : null;
  return { code, stdout, stderr, seconds, timedOut, report: read };
}
