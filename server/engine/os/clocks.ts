import { readFileSync, readlinkSync } from 'node:fs';

const NS = '/ns/time';
let own: { readonly space: string; readonly offset: number } | null = null;

/**
 * Offset from a process's monotonic clock to ours, ns. Nonzero only for a process in its own time namespace, as in some
 * containers (Linux only).
 * @returns null if it is unknown: the process is gone or belongs to another user
 */
export function monotonicShift(pid: number): number | null {
  if (process.platform !== 'linux') return 0;
  try {
    own ??= { space: readlinkSync(`/proc/self${NS}`), offset: offset('self') };
  } catch {
    return 0; // a kernel without time namespaces
  }
  try {
    return readlinkSync(`/proc/${pid}${NS}`) === own.space ? 0 : own.offset - offset(pid);
  } catch {
    return null;
  }
}

/** What the kernel adds to its monotonic clock for that process, ns. */
function offset(pid: number | 'self'): number {
  const [, seconds, nanoseconds] = /^monotonic\s+(-?\d+)\s+(\d+)/m.exec(
    readFileSync(`/proc/${pid}/timens_offsets`, 'latin1'),
  ) as RegExpExecArray;
  return Number(seconds) * 1e9 + Number(nanoseconds);
}
