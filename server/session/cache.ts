import { lstatSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** A folder of the user's own for what can be made again, 0700; null when there can be none that is safe to use. */
export function userCache(name: string): string | null {
  const base =
    process.platform === 'win32'
      ? process.env['LOCALAPPDATA']
      : process.platform === 'darwin'
        ? join(homedir(), 'Library', 'Caches')
        : (process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'));
  if (base === undefined || base === '') return null;
  const folder = join(base, 'forkscope', name);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const status = lstatSync(folder);
    const mine = process.getuid === undefined || status.uid === process.getuid();
    const closed = process.platform === 'win32' || (status.mode & 0o022) === 0;
    return status.isDirectory() && mine && closed ? folder : null;
  } catch {
    return null;
  }
}
