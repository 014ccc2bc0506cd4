/** Removes leftovers of killed servers, and caches of versions that are no longer used. */
import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheHome } from '../launch/cache';

const DAY = 24 * 3600 * 1000;
/** A process of another container may share our temporary folder, and its pid says nothing here. */
const YOUNG = DAY;
const UNUSED = 30 * DAY;
/** A server's working folders, with its pid. Session folders are the user's to close. */
const WORKING = /^forkscope-(?:dap|index|log|recording|stops)-(\d+)-\w+$/;
/** See prepared.ts; each is touched when it is used. */
const CACHED = /^(?:native|python)-[\da-f]{16}$/;

/** Sweeps where this user's servers leave things. Never throws. */
export function sweep(now = Date.now()): void {
  for (const folder of new Set([tmpdir(), ...(process.platform === 'win32' ? [] : ['/tmp'])]))
    sweepWorking(folder, now);
  const home = cacheHome();
  if (home !== null) sweepCaches(home, now);
}

/** Working folders in `folder` whose server lives no more. */
export function sweepWorking(folder: string, now: number): void {
  remove(folder, (name) => !lives(Number(WORKING.exec(name)?.[1] ?? process.pid)), now - YOUNG);
}

/** Caches in `folder` that were not used for 30 days. */
export function sweepCaches(folder: string, now: number): void {
  remove(folder, (name) => CACHED.test(name), now - UNUSED);
}

/** Removes folders, none that is a link, another's, or open to others, which were last changed before `before` (ms). */
function remove(folder: string, fits: (name: string) => boolean, before: number): void {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return;
  }
  for (const name of names) {
    if (!fits(name)) continue;
    const path = join(folder, name);
    try {
      const status = lstatSync(path);
      const mine = process.getuid === undefined || (status.uid === process.getuid() && (status.mode & 0o077) === 0);
      if (status.isDirectory() && mine && status.mtimeMs < before) rmSync(path, { recursive: true, force: true });
    } catch {
      // Another server was quicker.
    }
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
