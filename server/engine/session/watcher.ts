/** Whose window shows a program that a debug session started: that process's pid, in the session folder. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSmallFile } from '../files/input';
import { log } from '../log/log';

export const FILE_WATCHER = 'watcher.json';

/** Notes that the process `pid` shows this session from now on; whole or not at all. A folder that is gone needs no note. */
export function writeWatcher(folder: string, pid: number): void {
  const path = join(folder, FILE_WATCHER);
  try {
    writeFileSync(`${path}.new`, JSON.stringify({ pid }), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  } catch (error) {
    log.swallowed(`noting who shows ${folder}`, error);
    // Then nobody ends the program when its window is closed.
  }
}

/** False only when whoever showed the session is known and lives no more. */
export function isWatched(folder: string): boolean {
  try {
    const { pid } = JSON.parse(readSmallFile(join(folder, FILE_WATCHER)).toString('utf8')) as { pid?: unknown };
    // Of an orphan the parent is 1, which says nothing.
    if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 1) return true;
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
