/**
 * Opens a log, the only file that is written continuously rather than as a whole at the end. The rules of `output.ts`
 * apply.
 */
import { constants, fchmodSync, fstatSync, ftruncateSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { targetOf, temporaryName } from './target';

/** An empty regular file, accessible to its owner only, read and written by position. */
export interface OpenedLog {
  readonly fd: number;
  /** With all links resolved. */
  readonly path: string;
}

const FLAGS = constants.O_RDWR | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/**
 * An existing file is replaced if it is empty or one of our logs. A process that has the old file open keeps it.
 * @throws an Error with a sentence if it cannot or must not be opened
 */
export function openLog(file: string): OpenedLog {
  const target = targetOf(file, 'log');
  if (target.how === 'in place') return emptied(target.path);
  if (target.how !== 'replace') throw new Error(`${file} is no regular file, and a log needs one.`);
  const { path, before } = target;
  if (before === null) return { fd: openSync(path, 'wx+', 0o600), path };
  const temporary = join(dirname(path), temporaryName());
  const fd = openSync(temporary, 'wx+', 0o600);
  try {
    renameSync(temporary, path);
    return { fd, path };
  } catch (error) {
    rmSync(temporary, { force: true });
    // A mount point keeps its file.
    if (!['EBUSY', 'EXDEV'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return emptied(path);
  }
}

function emptied(path: string): OpenedLog {
  const fd = openSync(path, FLAGS);
  if (!fstatSync(fd).isFile()) throw new Error(`${path} became something else meanwhile.`);
  if (process.platform !== 'win32') fchmodSync(fd, 0o600);
  ftruncateSync(fd);
  return { fd, path };
}
