import { closeSync, readSync } from 'node:fs';
import { SLOT_SIZE } from '../../protocol/vocabulary';
import { openRegular } from '../files/input';
import { JournalFile } from '../journal/journalFile';
import { log } from '../log/log';

/** [offset, length] in bytes. */
export type Extent = readonly [number, number];

const STEP = 64 * 1024;

/** The parts of a sparse journal that contain data: the header and thread slots, the used records, the used ring. */
export function usedExtents(path: string): Extent[] {
  const file = new JournalFile(path);
  try {
    if (!file.readHeader() || file.header === null) return [];
    const { metaOffset, metaSlots, ringOffset } = file.header;
    const size = file.size;
    const meta = usedLength(path, metaOffset, Math.min(metaSlots * SLOT_SIZE, size - metaOffset));
    const ring = usedLength(path, ringOffset, Math.min(file.ringSlots * SLOT_SIZE, size - ringOffset));
    return [
      [0, metaOffset + meta],
      [ringOffset, ring],
    ];
  } catch (error) {
    log.swallowed('a journal is left out of a recording', error);
    return []; // Unreadable now means unreadable later: it is omitted, and the session reports that when opened.
  } finally {
    file.close();
  }
}

/**
 * Length up to the last nonzero byte, searched from the front: areas fill in order, so a few empty steps mark the end.
 */
function usedLength(path: string, offset: number, length: number): number {
  const fd = openRegular(path);
  try {
    const buffer = Buffer.alloc(STEP);
    let used = 0;
    let empty = 0;
    for (let at = 0; at < length && empty < 2; at += STEP) {
      const got = readSync(fd, buffer, 0, Math.min(STEP, length - at), offset + at);
      if (got === 0) break;
      let last = got - 1;
      while (last >= 0 && buffer[last] === 0) last--;
      if (last < 0) {
        empty++;
      } else {
        empty = 0;
        used = at + last + 1;
      }
    }
    return Math.min(length, Math.ceil(used / SLOT_SIZE) * SLOT_SIZE); // whole slots, because one may end in zeros
  } finally {
    closeSync(fd);
  }
}
