/** Recognises the files that we write, by their beginnings. */
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { gunzipSync, constants as zlib } from 'node:zlib';

export type OutputKind = 'recording' | 'report' | 'log';

/** A recording's first entry. */
export const FILE_INDEX = 'recording.json';

/** The first line of a log; what follows it is its version. */
export const LOG_MARK = 'forkscope log ';

const HEAD = 4096;
const REPORT = /^\s*\{\s*"format":\s*"forkscope-report"/;
/** Of an archive's first header: its name, ended by a zero. */
const INDEX = Buffer.from(`${FILE_INDEX}\0`);

/** Whether the regular file at `path` is one that we wrote, and of that kind. */
export function isOurs(path: string, kind: OutputKind): boolean {
  let head: Buffer;
  try {
    head = headOf(path);
  } catch {
    return false; // what cannot be read is not ours to replace
  }
  if (kind === 'log') return head.toString('latin1').startsWith(LOG_MARK);
  if (kind === 'report') return REPORT.test(head.toString('utf8', 0, 200));
  try {
    const archive = gunzipSync(head, { finishFlush: zlib.Z_SYNC_FLUSH });
    return archive.subarray(0, INDEX.length).equals(INDEX);
  } catch {
    return false;
  }
}

function headOf(path: string): Buffer {
  const fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const bytes = Buffer.alloc(HEAD);
    return bytes.subarray(0, readSync(fd, bytes, 0, HEAD, 0));
  } finally {
    closeSync(fd);
  }
}
