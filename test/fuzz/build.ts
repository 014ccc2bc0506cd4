/** Builds journals byte by byte, with any contents. */
import * as v from '../../server/protocol/vocabulary';

export type HeaderField = readonly [at: number, width: 4 | 8, value: bigint];

export interface Slot {
  readonly kind: number;
  readonly outcome: number;
  readonly flags: number;
  /** Offset from the correct sequence number. */
  readonly skew: number;
  readonly t0: bigint;
  readonly t1: bigint;
  readonly thread: bigint;
  readonly obj: bigint;
  readonly loc: number;
  readonly size: number;
  readonly a: bigint;
  readonly b: bigint;
  readonly data: Uint8Array;
}
export interface Part {
  /** JSON text, or anything in its place. */
  readonly text: string;
  /** Offset from the correct number of each part. */
  readonly skew: number;
  /** 0: the last part is missing. */
  readonly last: number;
}

const CELLS = 4;
const CELLS_AT = v.HEADER_SIZE;
const META_AT = CELLS_AT + CELLS * v.CELL_SIZE;

export function journalBytes(
  uid: number,
  parent: number,
  records: readonly Part[],
  slots: readonly Slot[],
  cells: readonly Uint8Array[],
  lies: readonly HeaderField[],
): Buffer {
  const meta = records.flatMap((each, index) => metaSlots(each, index));
  const metaSlotCount = Math.max(1, meta.length);
  const ringAt = META_AT + metaSlotCount * v.SLOT_SIZE;
  const ringSlots = Math.max(8, slots.length);
  const bytes = Buffer.alloc(ringAt + ringSlots * v.SLOT_SIZE);
  bytes.write(v.HEADER_MAGIC_BYTES, 0, 'latin1');
  const fields: readonly HeaderField[] = [
    [v.HEADER_AT_VERSION, 4, BigInt(v.VOCABULARY_VERSION)],
    [v.HEADER_AT_SLOT_SIZE, 4, BigInt(v.SLOT_SIZE)],
    [v.HEADER_AT_PID, 4, BigInt(4000 + uid)],
    [v.HEADER_AT_UID, 4, BigInt(uid)],
    [v.HEADER_AT_PARENT_UID, 4, BigInt(parent)],
    [v.HEADER_AT_CREATED_MONO, 8, 1_000_000_000n],
    [v.HEADER_AT_CREATED_WALL, 8, 1_700_000_000_000_000_000n],
    [v.HEADER_AT_CELLS_OFFSET, 8, BigInt(CELLS_AT)],
    [v.HEADER_AT_CELL_COUNT, 4, BigInt(CELLS)],
    [v.HEADER_AT_CELL_SIZE, 4, BigInt(v.CELL_SIZE)],
    [v.HEADER_AT_META_OFFSET, 8, BigInt(META_AT)],
    [v.HEADER_AT_META_SLOTS, 8, BigInt(metaSlotCount)],
    [v.HEADER_AT_RING_OFFSET, 8, BigInt(ringAt)],
    [v.HEADER_AT_RING_SLOTS, 8, BigInt(ringSlots)],
    ...lies,
  ];
  for (const [at, width, value] of fields) {
    if (width === 4) bytes.writeUInt32LE(Number(BigInt.asUintN(32, value)), at);
    else bytes.writeBigUInt64LE(BigInt.asUintN(64, value), at);
  }
  cells.slice(0, CELLS).forEach((cell, index) => {
    bytes.set(cell.subarray(0, v.CELL_SIZE), CELLS_AT + index * v.CELL_SIZE);
  });
  Buffer.concat(meta).copy(bytes, META_AT);
  const floor = bytes.readBigUInt64LE(v.HEADER_AT_RING_FLOOR);
  slots.forEach((slot, index) => {
    writeSlot(bytes, ringAt + index * v.SLOT_SIZE, slot, Number(BigInt.asUintN(32, floor + BigInt(index + slot.skew))));
  });
  return bytes;
}

function writeSlot(bytes: Buffer, at: number, slot: Slot, seq: number): void {
  bytes[at] = slot.kind;
  bytes[at + v.SLOT_AT_OUTCOME] = slot.outcome;
  bytes.writeUInt16LE(slot.flags, at + v.SLOT_AT_FLAGS);
  bytes.writeUInt32LE(seq, at + v.SLOT_AT_SEQ);
  const big: readonly (readonly [number, bigint])[] = [
    [v.SLOT_AT_T0, slot.t0],
    [v.SLOT_AT_T1, slot.t1],
    [v.SLOT_AT_THREAD, slot.thread],
    [v.SLOT_AT_OBJ, slot.obj],
    [v.SLOT_AT_A, slot.a],
    [v.SLOT_AT_B, slot.b],
  ];
  for (const [offset, value] of big) bytes.writeBigUInt64LE(BigInt.asUintN(64, value), at + offset);
  bytes.writeUInt32LE(slot.loc, at + v.SLOT_AT_LOC);
  bytes.writeUInt32LE(slot.size, at + v.SLOT_AT_SIZE);
  bytes.set(slot.data.subarray(0, v.SLOT_DATA_SIZE), at + v.SLOT_AT_DATA);
}

function metaSlots({ text, skew, last }: Part, index: number): Buffer[] {
  const data = Buffer.from(text);
  const parts: Buffer[] = [];
  for (let at = 0; at < Math.max(1, data.length); at += v.META_DATA_SIZE) {
    const part = Buffer.alloc(v.SLOT_SIZE);
    const piece = data.subarray(at, at + v.META_DATA_SIZE);
    part.writeUInt16LE(piece.length, v.META_AT_LENGTH);
    part.writeUInt32LE(index, v.META_AT_RECORD);
    part.writeUInt32LE((Math.floor(at / v.META_DATA_SIZE) + skew) >>> 0, v.META_AT_INDEX);
    piece.copy(part, v.META_AT_DATA);
    part[0] = at + v.META_DATA_SIZE >= data.length ? last : v.META_KIND_PART;
    parts.push(part);
  }
  return parts;
}
