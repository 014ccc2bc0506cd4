import { lstatSync, mkdirSync, utimesSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { log } from '../log/log';

/** A cache in use is touched once a day; unused ones are removed after a while (sweep.ts). */
const TOUCH_MS = 24 * 3600 * 1000;

/** The folder of this user's Forkscope caches; null if there is none. */
export function cacheHome(): string | null {
  const base =
    process.platform === 'win32'
      ? process.env['LOCALAPPDATA']
      : process.platform === 'darwin'
        ? join(homedir(), 'Library', 'Caches')
        : (process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'));
  return base === undefined || base === '' ? null : join(resolve(base), 'forkscope');
}

/** A private folder (0700) for contents that can be rebuilt; null if no safe one can be created. */
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
