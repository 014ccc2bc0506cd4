/** Resolves links as the system does, except links to descriptors, which have no path of their own. */
import { readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';

/** Longer than any chain of links that a system follows. */
const MOST_LINKS = 40;
const PROC_FD = /^\/proc\/(\d+)(?:\/task\/\d+)?\/fd$/;
const windows = process.platform === 'win32';

/**
 * The path with all links resolved. Its last component may not exist.
 * @throws an Error with a sentence if no file can exist there
 */
export function follow(file: string): string {
  // Not normalized: the meaning of `link/..` depends on the link's target.
  let path = isAbsolute(file) ? file : `${process.cwd()}/${file}`;
  for (let links = 0; links < MOST_LINKS; links++) {
    const name = basename(path);
    if (file === '') throw new Error('A file needs a name.');
    if (name === '' || name === '.' || name === '..' || (windows ? /[\\/]$/ : /\/$/).test(path))
      throw new Error(`${file} is a folder. Name a file.`);
    const folder = realFolder(file, dirname(path));
    path = join(folder, name);
    // The target of such a link has no path, or its path may now name another file.
    if (descriptorOf(path) !== null) return path;
    let link: string;
    try {
      link = readlinkSync(path);
    } catch {
      return path; // not a link
    }
    path = isAbsolute(link) ? link : `${folder}/${link}`;
  }
  throw new Error(`${file} cannot be written: too many links follow each other.`);
}

/** The number of the descriptor of this process that the path names; null for any other path. */
export function descriptorOf(path: string): number | null {
  const name = basename(path);
  if (windows || !/^\d{1,9}$/.test(name)) return null;
  const folder = dirname(path);
  return folder === '/dev/fd' || Number(PROC_FD.exec(folder)?.[1]) === process.pid ? Number(name) : null;
}

function realFolder(file: string, folder: string): string {
  try {
    return realpathSync.native(folder);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why: Record<string, string> = {
      ENOENT: `there is no folder ${folder}`,
      ENOTDIR: `${folder} is no folder`,
      ELOOP: 'too many links follow each other',
      EACCES: `no permission to look into ${folder}`,
    };
    throw new Error(`${file} cannot be written: ${why[code ?? ''] ?? message}.`);
  }
}
