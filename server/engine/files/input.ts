/**
 * The only way to read files named or created by others: the contents of a session folder, and paths found in journals
 * and recordings. Opens regular files only, reads no more than was requested, and never blocks. See docs/security.md.
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

/** Larger than any text file in a session folder. */
const MOST = 16 * 2 ** 20;
const WITHOUT_WAITING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);
const FLAGS = WITHOUT_WAITING | (constants.O_NOFOLLOW ?? 0);

/**
 * Reads a small file of a folder that any user may have created: follows no link, never blocks on a pipe, reads nothing
 * endless.
 * @throws an Error that names the problem
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

/** Opens a regular file for reading, or throws. The same rules, for a file that may be large. */
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
 * The text of a source file named by a journal, a recording or a client. Links are followed, as an interpreter does.
 * @param most bytes; a larger file was not written by hand
 * @param unless modification time of the previous read
 * @returns null if it cannot be read, is not a regular file, is too large, or has not changed since `unless`
 */
export function readNamed(path: string, most: number, unless?: number): Text | null {
  // On Windows such a name refers to another machine, and opening it would send that machine the user's password hash.
  if (process.platform === 'win32' && /^[\\/]{2}/.test(path)) return null;
  try {
    // A device is not even opened: with some, opening alone has an effect.
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

/** Reads no more than the given size, whatever is appended meanwhile. */
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

/**
 * Linux file systems in which reading a "regular file" makes the kernel act: proc, sysfs, debugfs, tracefs, configfs,
 * cgroup, bpf.
 */
const KERNELS: ReadonlySet<number> = new Set([
  0x9fa0, 0x62656572, 0x64626720, 0x74726163, 0x62656570, 0x27e0eb, 0x63677270, 0xcafe4a11, 0x73636673, 0x6e736673,
]);

function isKernels(path: string): boolean {
  // The kernel's numbers are 32 bits wide, and their sign varies.
  return process.platform === 'linux' && KERNELS.has(statfsSync(path).type >>> 0);
}
