/** `forkscope recover`: packs session folders left behind by a killed Forkscope into recordings. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isLeftover, leftovers } from '../engine/session/leftovers';
import { sourceAt } from '../engine/session/open';
import { ownerLives } from '../engine/session/owner';
import { Session, scriptName } from '../engine/session/session';
import { plainLines } from '../protocol/plain';

export interface RecoverOptions {
  readonly list?: boolean;
  /** The destination folder of the recordings. */
  readonly to?: string;
  /** Keep the session folders. */
  readonly keep?: boolean;
}

/** How long to wait for the ends of its processes, ms. */
const SETTLE_MS = 2000;

/** @returns the exit code: 0 if everything found was saved, or nothing was found */
export async function recover(folders: readonly string[], options: RecoverOptions): Promise<number> {
  const found = folders.length > 0 ? folders.map((each) => resolve(each)) : leftovers().map((each) => each.folder);
  if (found.length === 0) {
    say(process.stdout, 'Nothing was left behind.');
    return 0;
  }
  if (options.list === true) {
    for (const { folder, file } of leftovers()) {
      say(process.stdout, `${folder}  ${new Date(file.startedAt).toISOString()}  ${file.command.join(' ')}`);
    }
    return 0;
  }
  let failures = 0;
  for (const folder of found) {
    try {
      say(process.stdout, await save(folder, options));
    } catch (error) {
      failures += 1;
      say(process.stderr, `forkscope: ${(error as Error).message}`);
    }
  }
  return failures > 0 ? 1 : 0;
}

/**
 * Saves one folder, and deletes it if it is ours and no process writes into it any more. Returns a description of what
 * was done.
 */
async function save(folder: string, { to = '.', keep = false }: RecoverOptions): Promise<string> {
  if (ownerLives(folder) === true) throw new Error(`${folder} is in use: its forkscope still runs.`);
  const session = new Session(await sourceAt(folder));
  try {
    const end = Date.now() + SETTLE_MS;
    do {
      session.lookSoon();
      await session.refresh();
    } while (!session.finished && Date.now() < end);
    const alive = session.model.alive;
    await session.finish();
    const file = free(to, scriptName(session.source.file.command), session.source.file.startedAt);
    await session.save(file);
    const running = alive > 0 ? `, of which ${alive} ${alive === 1 ? 'process runs' : 'processes run'} on` : '';
    const removed = !keep && alive === 0 && isLeftover(folder);
    session.dispose(removed);
    return `${folder} is saved as ${file}${running}${removed ? '' : '; the folder stays'}.`;
  } finally {
    session.dispose(false);
  }
}

/** An unused file name for the recording. */
function free(to: string, program: string, startedAt: number): string {
  const name = program.replace(/[^\w.-]+/g, '_').slice(0, 60) || 'program';
  const time = new Date(startedAt).toISOString().replace(/\D/g, '').slice(0, 14);
  for (let number = 1; ; number++) {
    const file = join(to, `${name}-${time}${number === 1 ? '' : `-${number}`}.forkscope`);
    if (!existsSync(file)) return file;
  }
}

function say(stream: NodeJS.WriteStream, line: string): void {
  stream.write(plainLines([line]));
}
