/** Session folders left behind by a killed process of Forkscope. Their data is nowhere else. */
import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { FILE_CLAIM, isClaimed } from './claim';
import { FOLDER_PREFIX, readSessionFile } from './folder';
import { ownerLives } from './owner';
import type { SessionFile } from './types';

interface Leftover {
  readonly folder: string;
  readonly file: SessionFile;
}

/** As mkdtemp names them; folders with a word after the prefix are no sessions. */
const NAME = new RegExp(`^${FOLDER_PREFIX}\\w{6}$`);

/** This user's session folders whose owner is gone, oldest first. */
export function leftovers(places: readonly string[] = [tmpdir(), '/tmp', '/var/tmp']): Leftover[] {
  const found: Leftover[] = [];
  for (const place of new Set(places.map((each) => resolve(each)))) {
    for (const name of namesIn(place)) {
      const folder = join(place, name);
      if (!NAME.test(name) || !isMine(folder) || ownerLives(folder) !== false || isShown(folder)) continue;
      try {
        found.push({ folder, file: readSessionFile(folder) });
      } catch {
        // It was never finished, or is of another version.
      }
    }
  }
  return found.sort((a, b) => a.file.startedAt - b.file.startedAt);
}

/** Whether a folder is one that we made, and may delete. */
export function isLeftover(folder: string): boolean {
  return leftovers([resolve(folder, '..')]).some((each) => each.folder === resolve(folder));
}

/** A window may still show it, through a restarted server. */
function isShown(folder: string): boolean {
  return existsSync(join(folder, FILE_CLAIM)) && isClaimed(folder);
}

function namesIn(place: string): string[] {
  try {
    return readdirSync(place);
  } catch {
    return [];
  }
}

function isMine(folder: string): boolean {
  try {
    const { uid, mode } = lstatSync(folder);
    const directory = lstatSync(folder).isDirectory();
    return directory && (process.getuid === undefined || (uid === process.getuid() && (mode & 0o077) === 0));
  } catch {
    return false;
  }
}
