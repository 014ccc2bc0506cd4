import { readFileSync, readlinkSync } from 'node:fs';

const NS = '/ns/time';
let own: { readonly space: string; readonly offset: number } | null = null;

/**
 * Ns from times on the monotonic clock of a process to times on ours: other than 0 only for a process in a time namespace of its own, as
 * a container may have it (Linux only).
 * @returns null when nobody can tell: it is gone, or somebody else's
 */
export function monotonicShift(pid: number): number | null {
  if (process.platform !== 'linux') return 0;
  try {
    own ??= { space: readlinkSync(`/proc/self${NS}`), offset: offset('self') };
  } catch {
    return 0; // a kernel without such namespaces
  }
  try {
    return readlinkSync(`/proc/${pid}${NS}`) === own.space ? 0 : own.offset - offset(pid);
  } catch {
    return null;
  }
}

/** What the kernel adds to its own monotonic clock for that process, ns. */
function offset(pid: number | 'self'): number {
  const [, seconds, nanoseconds] = /^monotonic\s+(-?\d+)\s+(\d+)/m.exec(
    readFileSync(`/proc/${pid}/timens_offsets`, 'latin1'),
  ) as RegExpExecArray;
  return Number(seconds) * 1e9 + Number(nanoseconds);
}
