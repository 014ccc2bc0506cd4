import { applyLastSlots, applySlots } from '../../core/model/apply/slots';
import { settle } from '../../core/model/apply/unfinished';
import type { Image } from '../../core/model/entities/process';
import type { ThreadSlot } from '../../core/model/input/slot';
import type { SessionModel } from '../../core/model/state/sessionModel';
import * as v from '../../protocol/vocabulary';
import type { Journal } from './journal';

/** When nothing came for so long, everything of an ended process was applied, ms. */
const SETTLED_AFTER = 20;

/** What the threads of living images are in. @param now monotonic ns */
export function readLiveSlots(model: SessionModel, journals: Iterable<Journal>, now: number): void {
  for (const journal of journals) {
    const { image } = journal;
    if (image === null || image.process.ended || image.process.image !== image) continue;
    applySlots(model, image, slotsOf(journal), now);
  }
}

/** In a recording: what the threads of a process that outlived it were in. */
export function readSurvivorSlots(model: SessionModel, journal: Journal): void {
  const { image } = journal;
  if (image !== null && !image.process.ended) applySlots(model, image, slotsOf(journal), Number.POSITIVE_INFINITY);
}

/**
 * What the threads of an ended process were in: of a killed one it is still there. Answers whether that is all that there is to learn.
 * @param final nothing more will come; @param wall ms
 * @throws when the file is gone
 */
export function readLastSlots(model: SessionModel, journal: Journal, final: boolean, wall: number): boolean {
  const { image, file } = journal;
  if (image === null || !(image.process.ended || isReplaced(image))) return false;
  if (!journal.closed && image.process.ended) {
    journal.closed = true;
    applyLastSlots(model, image, slotsOf(journal), file.state === v.STATE_ENDED);
  }
  // What it left unfinished shows when all that it wrote is applied.
  const quiet = journal.quietSince > 0 && wall - journal.quietSince >= SETTLED_AFTER;
  if (journal.ring.block !== null || !(final || quiet)) return false;
  settle(model, image, slotsOf(journal, true));
  return true;
}

/** Whether its process is another program by now. */
function isReplaced(image: Image): boolean {
  return image.process.image !== null && image.process.image !== image;
}

/** A journal's current-operation slots as they are now. @param idle also idle ones: they keep the last operation */
function slotsOf({ file, shift }: Journal, idle = false): ThreadSlot[] {
  const bytes = file.readCells();
  const slots: ThreadSlot[] = [];
  for (let at = 0; at + v.CELL_SIZE <= bytes.length; at += v.CELL_SIZE) {
    const op = bytes[at] as number;
    if (op === 0 && !idle) continue;
    const word = (offset: number) => bytes.readUInt32LE(at + offset) + bytes.readUInt32LE(at + offset + 4) * 4294967296;
    const long = (offset: number) => bytes.readUInt32LE(at + offset) + bytes.readInt32LE(at + offset + 4) * 4294967296;
    slots.push({
      op,
      loc: bytes.readUInt32LE(at + v.CELL_AT_LOC),
      t0: word(v.CELL_AT_T0) + (shift ?? 0),
      thread: word(v.CELL_AT_THREAD),
      obj: word(v.CELL_AT_OBJ),
      a: long(v.CELL_AT_A),
      b: long(v.CELL_AT_B),
    });
  }
  return slots;
}
