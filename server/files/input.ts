import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

/** Larger than any text that a session folder holds. */
const MOST = 16 * 2 ** 20;
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

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
