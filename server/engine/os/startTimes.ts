/** Start times of processes where the system has no /proc. Together with the pid they identify a process. */
import { execFileSync } from 'node:child_process';

/** How long an answer is reused, ms: each query runs a program, and a whole tree is ended at once. */
const FRESH = 1000;
const PATIENCE = 10_000;
const POWERSHELL =
  "Get-Process | ForEach-Object { try { '{0} {1}' -f $_.Id, [int64]($_.StartTime.ToUniversalTime() - [datetime]'1970-01-01').TotalMilliseconds } catch {} }";

let known: { readonly at: number; readonly times: ReadonlyMap<number, number> } | null = null;

/** Ms since the epoch, rounded down to the second except on Windows. null: unknown. */
export function startTime(pid: number): number | null {
  const now = performance.now();
  if (known === null || now - known.at > FRESH) {
    try {
      known = { at: now, times: process.platform === 'win32' ? ofWindows() : ofPosix() };
    } catch {
      known = { at: now, times: new Map() };
    }
  }
  return known.times.get(pid) ?? null;
}

function ofWindows(): Map<number, number> {
  const args = ['-NoProfile', '-NonInteractive', '-Command', POWERSHELL];
  const text = execFileSync('powershell.exe', args, { encoding: 'utf8', timeout: PATIENCE, windowsHide: true });
  return new Map(
    text
      .split(/\r?\n/)
      .map((line) => line.split(' ').map(Number) as [number, number])
      .filter(([, time]) => time > 0),
  );
}

/** @param text output of `ps` for all processes, in UTC; tests pass their own */
export function ofPosix(text = ask()): Map<number, number> {
  const times = new Map<number, number>();
  for (const line of text.split('\n')) {
    const [, pid, start] = /^\s*(\d+)\s+(\S.*\S)\s*$/.exec(line) ?? [];
    const time = Date.parse(`${start} UTC`);
    if (pid !== undefined && !Number.isNaN(time)) times.set(Number(pid), time);
  }
  return times;
}
function ask(): string {
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC0' };
  return execFileSync('ps', ['-axo', 'pid=,lstart='], { env, encoding: 'utf8', timeout: PATIENCE });
}
