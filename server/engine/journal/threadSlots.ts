import type { ThreadSlot } from '../../core/model/input/slot';
import * as v from '../../protocol/vocabulary';
import type { JournalFile } from './journalFile';

/**
 * A journal's current-operation slots as they are now.
 * @param shift ns from its clock to the session's; @param idle also those in which nothing goes on: they keep the last operation
 * @throws when the file is gone
 */
export function readSlots(file: JournalFile, shift: number, idle = false): ThreadSlot[] {
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
      t0: word(v.CELL_AT_T0) + shift,
      thread: word(v.CELL_AT_THREAD),
      obj: word(v.CELL_AT_OBJ),
      a: long(v.CELL_AT_A),
      b: long(v.CELL_AT_B),
    });
  }
  return slots;
}
