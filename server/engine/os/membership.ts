/**
 * Which processes of this machine belong to a session, as the kernel says it: a journal's word for its pid is that of a file, may be that of
 * another PID namespace, and pids are used again. Linux only.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { ENV_SESSION } from '../../protocol/vocabulary';
import { facts } from './processes';

/** No chain of processes is longer that anybody made on purpose. */
const MAX_ANCESTORS = 64;
/** The end of a line of `maps` that names one. */
const JOURNAL = /\/\d+-[0-9a-f]+\.fsj(?: \(deleted\))?$/;
const NS = /^pid:\[(\d+)\]$/;

let own: number | null = null;
/** The PID namespace in which this process's own pids count; 0 where there is none to name. */
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

/** Whether the process writes into the session, was started with it in its environment, or descends from one that does. */
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
  // Elsewhere mounted the folder has another path, but not another name.
  const inside = `/${basename(folder)}/`;
  const lines = read(`/proc/${pid}/maps`).split('\n');
  return lines.some((line) => line.includes(inside) && JOURNAL.test(line));
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return ''; // it is gone, or another user's
  }
}

/**
 * Our pids of processes in other PID namespaces, by the pid that each has in its own. Only of namespaces below ours: others are not seen.
 */
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
