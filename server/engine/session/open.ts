import { statSync } from 'node:fs';
import { uptime } from 'node:os';
import { resolve } from 'node:path';
import { unpackRecording } from '../recording/recording';
import { readSessionFile } from './folder';
import type { SessionSource } from './sessionSource';

/**
 * Finds out what is at a path: a session folder, or a recording, which is unpacked into a temporary folder of its own.
 * @throws an Error with a sentence when there is nothing to open
 */
export async function sourceAt(path: string): Promise<SessionSource> {
  const full = resolve(path);
  if (!isFolder(full)) return unpackRecording(full);
  const file = readSessionFile(full);
  // Process ids of before the machine was started belong to others now.
  const recorded = file.startedAt < Date.now() - uptime() * 1000 || file.platform !== process.platform;
  return { folder: full, file, path: full, recorded, temporary: false };
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new Error(`There is no recording and no session folder ${path}.`);
    throw new Error(`${path} cannot be opened: ${message}.`);
  }
}
