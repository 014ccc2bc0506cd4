/** The process whose window shows a program of a debug session: its pid, in the session folder. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { pidSchema, readJson } from '../files/json';
import { log } from '../log/log';

export const FILE_CLAIM = 'watcher.json';
const CLAIM = v.object({ pid: pidSchema });

/** Records that the process `pid` shows this session from now on; whole or not at all. A missing folder needs no record. */
export function claimSession(folder: string, pid: number): void {
  const path = join(folder, FILE_CLAIM);
  try {
    writeFileSync(`${path}.new`, JSON.stringify({ pid }), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  } catch (error) {
    log.swallowed(`noting who shows ${folder}`, error);
    // Without the record, closing the window does not end the program.
  }
}

/** False only if the process that showed the session is known and no longer alive. */
export function isClaimed(folder: string): boolean {
  const claim = readJson(join(folder, FILE_CLAIM), CLAIM);
  // An orphan's parent is 1, which says nothing.
  if (claim === null || claim.pid === 1) return true;
  try {
    process.kill(claim.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
