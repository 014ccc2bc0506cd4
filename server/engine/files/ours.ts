/** Recognizes the files that Forkscope writes by their first bytes. */
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { gunzipSync, constants as zlib } from 'node:zlib';

export type OutputKind = 'recording' | 'report' | 'log';

/** The first entry of a recording. */
export const FILE_INDEX = 'recording.json';

/** The start of a log's first line; the version follows. */
export const LOG_MARK = 'forkscope log ';

const HEAD = 4096;
const REPORT = /^\s*\{\s*"format":\s*"forkscope-report"/;
/** In the archive's first header: the entry's name, terminated by a zero byte. */
const INDEX = Buffer.from(`${FILE_INDEX}\0`);

/** Whether the regular file at `path` was written by Forkscope and is of that kind. */
export function isOurs(path: string, kind: OutputKind): boolean {
  let head: Buffer;
  try {
    head = headOf(path);
  } catch {
    return false; // an unreadable file is not ours to replace
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
