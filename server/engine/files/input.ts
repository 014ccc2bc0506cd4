/**
 * The one door for files that somebody else made or named: what lies in a session folder, and the paths that stand in journals and recordings.
 * Regular files only, never more than was asked for, and nothing is waited for. See docs/security.md.
 */
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  realpathSync,
  statfsSync,
  statSync,
} from 'node:fs';

/** Larger than any text that a session folder holds. */
const MOST = 16 * 2 ** 20;
const WITHOUT_WAITING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);
const FLAGS = WITHOUT_WAITING | (constants.O_NOFOLLOW ?? 0);

/**
 * A small file of a folder that anybody may have made: no link is followed, no pipe is waited for, nothing endless is read.
 * @throws an Error with what is wrong
 */
export function readSmallFile(path: string): Buffer {
  const fd = openSync(path, FLAGS);
  try {
    const status = fstatSync(fd);
    if (!status.isFile()) throw new Error('it is no regular file');
    if (status.size > MOST) throw new Error('it is too large');
    return readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Opens a regular file for reading, or throws: the same rules, for one that may be large. */
export function openRegular(path: string): number {
  const fd = openSync(path, FLAGS);
  if (fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  throw new Error('it is no regular file');
}

export interface Text {
  readonly text: string;
  /** ms since the epoch */
  readonly changedAt: number;
}

/**
 * The text of a source file that a journal, a recording or a client names. Links are followed, as an interpreter does.
 * @param most bytes; a larger file is none that a person wrote
 * @param unless its last change when it was read before
 * @returns null when it cannot be read, is no regular file, is too large, or has not changed since `unless`
 */
export function readNamed(path: string, most: number, unless?: number): Text | null {
  // On Windows such a name is another machine's, which would be asked for it with the user's password hash.
  if (process.platform === 'win32' && /^[\\/]{2}/.test(path)) return null;
  try {
    // A device is not even opened: with some that alone does something.
    const before = statSync(path);
    if (!before.isFile() || before.size > most || before.mtimeMs === unless) return null;
    const real = realpathSync.native(path);
    if (isKernels(real)) return null;
    const fd = openSync(real, FLAGS);
    try {
      const { size, mtimeMs } = fstatSync(fd);
      if (!fstatSync(fd).isFile() || size > most) return null;
      return { text: read(fd, size).toString('utf8'), changedAt: mtimeMs };
    } finally {
      closeSync(fd);
    }
  } catch {
    return null; // gone, or a name like <string>
  }
}

/** No more than its size, whatever is added meanwhile. */
function read(fd: number, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  let at = 0;
  while (at < size) {
    const got = readSync(fd, bytes, at, size - at, at);
    if (got === 0) break;
    at += got;
  }
  return bytes.subarray(0, at);
}

/** Linux's file systems in which reading a "regular file" asks the kernel something: proc, sysfs, debugfs, tracefs, configfs, cgroup, bpf. */
const KERNELS: ReadonlySet<number> = new Set([
  0x9fa0, 0x62656572, 0x64626720, 0x74726163, 0x62656570, 0x27e0eb, 0x63677270, 0xcafe4a11, 0x73636673, 0x6e736673,
]);

function isKernels(path: string): boolean {
  // The kernel's numbers are of 32 bits, and of no certain sign.
  return process.platform === 'linux' && KERNELS.has(statfsSync(path).type >>> 0);
}
