import { readFileSync, statSync } from 'node:fs';

/** What the operating system says of a process. */
export interface ProcessFacts {
  /** Ticks since boot at its start: with the pid, its identity. null where the platform does not tell. */
  readonly startTicks: number | null;
  /** null where the platform does not tell. */
  readonly parent: number | null;
  readonly zombie: boolean;
  /** How a zombie ended; null otherwise. */
  readonly ended: { readonly code: number | null; readonly signal: number | null } | null;
  readonly cpuSeconds: number | null;
  readonly memoryBytes: number | null;
}

const TICKS_PER_SECOND = 100; // USER_HZ, 100 on every Linux that Python runs on
const PAGE = 4096;

/** null when there is no such process (any more). */
export function facts(pid: number): ProcessFacts | null {
  if (process.platform === 'linux') {
    let text: string;
    try {
      text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    } catch {
      return exists(pid) ? UNKNOWN : null;
    }
    // The name, in parentheses, may contain anything; what follows the last one does not. Field numbers as in proc(5), from 3.
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

/** Others than the owner are told a status of 0 whatever it was. */
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
