/** The process that owns a session folder and deletes it after the session: its pid and start time, in the folder. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { pidSchema, readJson } from '../files/json';
import { facts } from '../os/processes';

const FILE_OWNER = 'owner.json';
/** `startTicks` null: not known. */
const OWNER = v.object({ pid: pidSchema, startTicks: v.fallback(v.nullable(v.number()), null) });

/** Records that this process owns the session. */
export function writeOwner(folder: string): void {
  const path = join(folder, FILE_OWNER);
  const owner = { pid: process.pid, startTicks: facts(process.pid)?.startTicks ?? null };
  writeFileSync(`${path}.new`, JSON.stringify(owner), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** Whether the session's owner is alive; null if none is recorded. */
export function ownerLives(folder: string): boolean | null {
  const owner = readJson(join(folder, FILE_OWNER), OWNER);
  if (owner === null) return null;
  const { pid, startTicks } = owner;
  const now = facts(pid);
  if (now === null || now.zombie) return false;
  // Another process may have its pid by now.
  return startTicks === null || now.startTicks === null || now.startTicks === startTicks;
}
