import { readFileSync, statSync } from 'node:fs';

/** What the operating system reports about a process. */
export interface ProcessFacts {
  /**
   * Start time in ticks since boot; identifies the process together with the pid. null if the platform does not report
   * it.
   */
  readonly startTicks: number | null;
  /** null if the platform does not report it. */
  readonly parent: number | null;
  readonly zombie: boolean;
  /** How a zombie ended; null otherwise. */
  readonly ended: { readonly code: number | null; readonly signal: number | null } | null;
  readonly cpuSeconds: number | null;
  readonly memoryBytes: number | null;
}

const TICKS_PER_SECOND = 100; // USER_HZ: 100 on every Linux that Python supports
const PAGE = 4096;

/** null if the process does not exist. */
export function facts(pid: number): ProcessFacts | null {
  if (process.platform === 'linux') {
    let text: string;
    try {
      text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    } catch {
      return exists(pid) ? UNKNOWN : null;
    }
    // The name, in parentheses, may contain anything; only after the last parenthesis is the format fixed. Field
    // numbers as in proc(5), from 3.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const field = (number: number) => Number(fields[number - 3]);
    const zombie = fields[0] === 'Z' || fields[0] === 'X';
    const status = field(52);
    return {
      startTicks: field(22),
      parent: field(4),
      zombie,
      ended: zombie && (status !== 0 || isOurs(pid)) ? waitStatus(status) : null,
      cpuSeconds: (field(14) + field(15)) / TICKS_PER_SECOND,
      memoryBytes: field(24) * PAGE,
    };
  }
  return exists(pid) ? UNKNOWN : null;
}
const UNKNOWN: ProcessFacts = {
  startTicks: null,
  parent: null,
  zombie: false,
  ended: null,
  cpuSeconds: null,
  memoryBytes: null,
};

/** For other users' processes the kernel reports status 0 whatever it was. */
function isOurs(pid: number): boolean {
  try {
    return statSync(`/proc/${pid}`).uid === process.getuid?.();
  } catch {
    return false;
  }
}

function waitStatus(status: number): { code: number | null; signal: number | null } {
  const signal = status & 0x7f;
  return signal === 0 ? { code: (status >> 8) & 0xff, signal: null } : { code: null, signal };
}

export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
