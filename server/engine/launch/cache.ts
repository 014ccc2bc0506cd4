import { lstatSync, mkdirSync, utimesSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { log } from '../log/log';

/** A cache that is used says so once a day: what is not used for long is removed (sweep.ts). */
const TOUCH_MS = 24 * 3600 * 1000;

/** Where this user's caches of ours are; null where there is no such place. */
export function cacheHome(): string | null {
  const base =
    process.platform === 'win32'
      ? process.env['LOCALAPPDATA']
      : process.platform === 'darwin'
        ? join(homedir(), 'Library', 'Caches')
        : (process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'));
  return base === undefined || base === '' ? null : join(resolve(base), 'forkscope');
}

/** A folder of the user's own for what can be made again, 0700; null when there can be none that is safe to use. */
export function userCache(name: string): string | null {
  const home = cacheHome();
  if (home === null) return null;
  const folder = join(home, name);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const status = lstatSync(folder);
    const mine = process.getuid === undefined || status.uid === process.getuid();
    const closed = process.platform === 'win32' || (status.mode & 0o022) === 0;
    if (!status.isDirectory() || !mine || !closed) return null;
    if (Date.now() - status.mtimeMs > TOUCH_MS) utimesSync(folder, new Date(), new Date());
    return folder;
  } catch (error) {
    log.swallowed('the folder for what is made once', error);
    return null;
  }
}
