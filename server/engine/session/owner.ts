/** Which process has a session folder, and deletes it when the session is over: its pid and start, in the folder. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSmallFile } from '../files/input';
import { facts } from '../os/processes';

const FILE_OWNER = 'owner.json';

/** Notes that this process has the session. */
export function writeOwner(folder: string): void {
  const path = join(folder, FILE_OWNER);
  const owner = { pid: process.pid, startTicks: facts(process.pid)?.startTicks ?? null };
  writeFileSync(`${path}.new`, JSON.stringify(owner), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** Whether the process that has the session lives; null when none is noted. */
export function ownerLives(folder: string): boolean | null {
  let owner: { pid?: unknown; startTicks?: unknown };
  try {
    owner = JSON.parse(readSmallFile(join(folder, FILE_OWNER)).toString('utf8')) as typeof owner;
  } catch {
    return null;
  }
  const { pid, startTicks } = owner ?? {};
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 0) return null;
  const now = facts(pid);
  if (now === null || now.zombie) return false;
  // Another process may have its pid by now.
  return typeof startTicks !== 'number' || now.startTicks === null || now.startTicks === startTicks;
}
