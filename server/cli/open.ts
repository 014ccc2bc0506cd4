import { existsSync, statSync } from 'node:fs';
import { readSessionFile } from '../session/folder';
import { Session } from '../session/handle';
import { unpackRecording } from '../session/recording';

/** Opens a recording, or a session folder as it is now. @throws an Error with a sentence */
export async function openRecording(path: string): Promise<Session> {
  if (!existsSync(path)) throw new Error(`There is no file ${path}.`);
  const isFolder = statSync(path).isDirectory();
  const folder = isFolder ? path : await unpackRecording(path);
  return new Session(folder, readSessionFile(folder), path, true, !isFolder);
}
