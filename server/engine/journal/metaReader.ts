import type { RecordFields } from '../../core/model/input/fields';
import * as v from '../../protocol/vocabulary';
import type { JournalFile } from './journalFile';

const SLOT = v.SLOT_SIZE;
/** A record longer than this is no record of ours. */
const MAX_PARTS = 8192;
const MAX_OPEN = 256;

/** Puts the records of one journal's meta area together, as far as they are published. */
export class MetaReader {
  private seq = 0;
  private readonly open = new Map<number, Buffer[]>();
  private readonly skipped = new Map<number, number>();
  /** Records that were no JSON objects. */
  damaged = 0;

  constructor(private readonly file: JournalFile) {}

  /** Calls `take` for each record that became whole. @param patience whether a hole may still be filled (its process lives) */
  poll(take: (record: RecordFields) => void, patience: boolean): void {
    this.lookBack(take);
    for (;;) {
      const { bytes, slots } = this.file.readMeta(this.seq);
      let last = slots - 1;
      while (last >= 0 && bytes[last * SLOT] === 0) last--;
      if (last < 0) return;
      for (let i = 0; i <= last; i++) {
        const slot = bytes.subarray(i * SLOT, (i + 1) * SLOT);
        if (slot[0] !== 0) this.part(slot, take);
        else if (patience && this.skipped.size < 64) this.skipped.set(this.seq + i, 0);
      }
      this.seq += last + 1;
      if (last + 1 < slots) return;
    }
  }

  /** Slots that were passed while a thread was still filling them. */
  private lookBack(take: (record: RecordFields) => void): void {
    for (const [seq, tries] of this.skipped) {
      const { bytes, slots } = this.file.readMeta(seq);
      if (slots > 0 && bytes[0] !== 0) {
        this.skipped.delete(seq);
        this.part(bytes.subarray(0, SLOT), take);
      } else if (tries > 600) {
        this.skipped.delete(seq);
      } else {
        this.skipped.set(seq, tries + 1);
      }
    }
  }

  private part(slot: Buffer, take: (record: RecordFields) => void): void {
    const record = slot.readUInt32LE(v.META_AT_RECORD);
    const length = Math.min(slot.readUInt16LE(v.META_AT_LENGTH), v.META_DATA_SIZE);
    const index = slot.readUInt32LE(v.META_AT_INDEX);
    const data = Buffer.from(slot.subarray(v.META_AT_DATA, v.META_AT_DATA + length));
    if (index >= MAX_PARTS || (this.open.size >= MAX_OPEN && !this.open.has(record))) {
      this.damaged++;
      return;
    }
    const parts = this.open.get(record) ?? [];
    parts[index] = data;
    if (slot[0] !== v.META_KIND_LAST) {
      this.open.set(record, parts);
      return;
    }
    this.open.delete(record);
    // Parts that are missing make no JSON: they are not looked for one by one, there may be thousands.
    if (parts.length > index + 1 || Object.keys(parts).length !== parts.length) {
      this.damaged++;
      return;
    }
    try {
      const value: unknown = JSON.parse(Buffer.concat(parts).toString('utf8'));
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) take(value as RecordFields);
      else this.damaged++;
    } catch {
      this.damaged++;
    }
  }
}
