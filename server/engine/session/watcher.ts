/** Whose window shows a program that a debug session started: that process's pid, in the session folder. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { pidSchema, readJson } from '../files/json';
import { log } from '../log/log';

export const FILE_WATCHER = 'watcher.json';
const WATCHER = v.object({ pid: pidSchema });

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
  const watcher = readJson(join(folder, FILE_WATCHER), WATCHER);
  // Of an orphan the parent is 1, which says nothing.
  if (watcher === null || watcher.pid === 1) return true;
  try {
    process.kill(watcher.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
