import * as v from '../../protocol/vocabulary';
import type { JournalFile } from './journalFile';

export interface Payload {
  /** The recorded head. */
  readonly bytes: Buffer;
  /** Whole length in bytes. */
  readonly size: number;
  readonly raw: boolean;
  readonly thread: number;
}

/** How far behind its owner the last continuation is looked for: other threads' events may stand between. */
const REACH = 1024;

/** The payload of the send or receive at `seq`, put together from its slot and the ext slots behind it; null when recycled. */
export function readPayload(file: JournalFile, seq: number): Payload | null {
  if (!file.readHeader() || seq < file.ringFloor) return null;
  let block = file.readRing(seq, false);
  if (block.slots === 0 || block.u32[1] !== seq % 4294967296) return null;
  const head = block.bytes;
  const flags = head.readUInt16LE(v.SLOT_AT_FLAGS);
  const size = head.readUInt32LE(v.SLOT_AT_SIZE);
  const wanted = flags & v.SLOT_FLAG_EXT_MASK;
  const parts: Buffer[] = [
    Buffer.from(head.subarray(v.SLOT_AT_DATA, v.SLOT_AT_DATA + Math.min(size, v.SLOT_DATA_SIZE))),
  ];
  let found = 0;
  for (let at = seq + 1, slot = 1; found < wanted && at < seq + REACH; at++, slot++) {
    if (slot >= block.slots) {
      block = file.readRing(at, false);
      slot = 0;
      if (block.slots === 0) break;
    }
    const bytes = block.bytes.subarray(slot * v.SLOT_SIZE, (slot + 1) * v.SLOT_SIZE);
    if (bytes[0] !== v.KIND_EXT || bytes.readUInt32LE(v.EXT_AT_OWNER) !== seq % 4294967296) continue;
    const length = Math.min(bytes.readUInt16LE(v.EXT_AT_LENGTH), v.EXT_DATA_SIZE);
    const index = bytes[v.EXT_AT_INDEX] as number;
    if (index === 0 || index > wanted) continue;
    parts[index] = Buffer.from(bytes.subarray(v.EXT_AT_DATA, v.EXT_AT_DATA + length));
    found++;
  }
  const whole: Buffer[] = [];
  for (let i = 0; i < parts.length && parts[i] !== undefined; i++) whole.push(parts[i] as Buffer);
  const threadLow = head.readUInt32LE(v.SLOT_AT_THREAD);
  return {
    bytes: Buffer.concat(whole),
    size,
    raw: (flags & v.SLOT_FLAG_RAW) !== 0,
    thread: threadLow + head.readUInt32LE(v.SLOT_AT_THREAD + 4) * 4294967296,
  };
}
