/**
 * Which processes of this machine belong to a session, according to the kernel. The pid in a journal is only a file's
 * claim: it may be from another PID namespace, and pids are reused. Linux only.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { ENV_SESSION } from '../../protocol/vocabulary';
import { facts } from './processes';

/** Longer than any chain of processes created on purpose. */
const MAX_ANCESTORS = 64;
/** The end of a line of `maps` that names a journal. */
const JOURNAL = /\/\d+-[0-9a-f]+\.fsj(?: \(deleted\))?$/;
const NS = /^pid:\[(\d+)\]$/;

let own: number | null = null;
/** The PID namespace of this process's pids; 0 if it has no name. */
export function ownPidSpace(): number {
  own ??= pidSpaceOf('self');
  return own;
}
function pidSpaceOf(pid: number | 'self'): number {
  try {
    return Number(NS.exec(readlinkSync(`/proc/${pid}/ns/pid`))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/**
 * Whether the process has one of the session's journals mapped, has the session in its environment, or descends from
 * such a process.
 */
export function belongsTo(folder: string, pid: number): boolean {
  let each: number | null = pid;
  for (let level = 0; each !== null && each > 1 && level < MAX_ANCESTORS; level++) {
    if (hasSession(folder, each)) return true;
    each = facts(each)?.parent ?? null;
  }
  return false;
}

function hasSession(folder: string, pid: number): boolean {
  if (read(`/proc/${pid}/environ`).split('\0').includes(`${ENV_SESSION}=${folder}`)) return true;
  // Mounted elsewhere, the folder has another path but the same name.
  const inside = `/${basename(folder)}/`;
  const lines = read(`/proc/${pid}/maps`).split('\n');
  return lines.some((line) => line.includes(inside) && JOURNAL.test(line));
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return ''; // the process is gone or belongs to another user
  }
}

/** Our pids of processes in other PID namespaces, by their pid inside. Only namespaces below ours are visible. */
export function innerPids(): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, number[]>();
  let names: string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return found;
  }
  for (const name of names) {
    if (!/^\d+$/.test(name)) continue;
    const pids = /^NSpid:\s+(\d.*)$/m.exec(read(`/proc/${name}/status`))?.[1]?.split(/\s+/) ?? [];
    if (pids.length < 2) continue;
    const inner = Number(pids.at(-1));
    found.set(inner, [...(found.get(inner) ?? []), Number(name)]);
  }
  return found;
}
