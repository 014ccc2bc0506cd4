import { type Blocked, isMain } from '../../core/model/entities/blocked';
import type { Image, Process } from '../../core/model/entities/process';
import type { SessionModel } from '../../core/model/state/sessionModel';
import type { SessionReader } from '../journal/sessionReader';

/** The thread that a process's lane shows: the main one, or where its name was not recorded the first that did something. */
export function mainThread(reader: SessionReader, image: Image): number {
  for (const [ident, { name }] of image.threads) if (name === 'MainThread') return ident;
  return reader.history.firstThread(image.number) ?? 0;
}

/** What a process's main thread is in now, or was in when its process ended. */
export function mainThreadIn(model: SessionModel, process: Process): Blocked | null {
  const blocked = process.ended ? model.blocked.atEnd(process) : model.blocked.of(process);
  return blocked.find(isMain) ?? null;
}
