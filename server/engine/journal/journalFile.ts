import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import * as v from '../../protocol/vocabulary';
import { Descriptors, type Opened } from './descriptors';

const SLOT = v.SLOT_SIZE;
/** Slots read at once when there is much to read, and when there is little. */
const BLOCK_SLOTS = 4096;
const GLANCE_SLOTS = 64;
/** Sane limits for a file that may be hostile: cells, slots of records (1 GiB), slots of events (128 GiB). */
const MAX_CELLS = 4096;
const MAX_META_SLOTS = 2 ** 23;
const MAX_RING_SLOTS = 2 ** 30;
/** Sequence numbers are counted with: beyond this no journal comes, and far beyond it a number plus one is the same number. */
const MAX_FLOOR = 2 ** 48;
/** A link or a pipe is no journal: nothing is followed, and nobody waits for a writer. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

interface Header {
  readonly pid: number;
  readonly ppid: number;
  readonly uid: number;
  readonly parentUid: number;
  readonly createdMono: number;
  readonly createdWall: number;
  readonly cellsOffset: number;
  readonly cellCount: number;
  readonly metaOffset: number;
  readonly metaSlots: number;
  readonly ringOffset: number;
}

/** A run of ring slots as read: published or not. */
export interface Block {
  readonly bytes: Buffer;
  readonly u32: Uint32Array;
  /** Sequence number of the first slot. */
  readonly first: number;
  readonly slots: number;
}

/** Headers are read one at a time: a buffer for each of ten thousand journals would be forty megabytes. */
const headerBytes = Buffer.alloc(v.HEADER_SIZE);

/**
 * Reads one journal with ordinary file reads. Everything in it is checked before it is used: it may come from anywhere. It can be closed
 * at any time, and is opened again by the next read.
 */
export class JournalFile implements Opened {
  private fd = -1;
  private identity = '';
  used = false;
  header: Header | null = null;
  ringSlots = 0;
  ringFloor = 0;
  metaDropped = 0;
  ringDropped = 0;
  state = 0;

  /** @throws when the file cannot be opened, or is none */
  constructor(
    readonly path: string,
    private readonly descriptors = new Descriptors(),
  ) {
    this.open();
  }

  private open(): void {
    const fd = this.descriptors.take(this, () => openSync(this.path, OPEN_FLAGS));
    const stats = fstatSync(fd);
    const identity = `${stats.dev}:${stats.ino}`;
    const problem = !stats.isFile()
      ? 'it is no regular file'
      : this.identity !== '' && this.identity !== identity
        ? 'another file has taken its place'
        : null;
    this.fd = fd;
    if (problem === null) {
      this.identity = identity;
      return;
    }
    this.close();
    throw new Error(problem);
  }

  private get descriptor(): number {
    if (this.fd < 0) this.open();
    this.used = true;
    return this.fd;
  }

  /**
   * Reads the header (again: the ring's size and floor move). False while the file is still being made.
   * @throws an Error with a sentence when this is no journal that can be read
   */
  readHeader(): boolean {
    const h = headerBytes;
    if (readSync(this.descriptor, h, 0, v.HEADER_SIZE, 0) < v.HEADER_SIZE) return false;
    if (h.readDoubleLE(0) === 0) return false;
    if (h.toString('latin1', 0, 8) !== v.HEADER_MAGIC_BYTES) throw new Error('it does not begin like a journal');
    if (this.header === null) {
      const version = h.readUInt32LE(v.HEADER_AT_VERSION);
      if (version !== v.VOCABULARY_VERSION)
        throw new Error(`it has version ${version}; this Forkscope reads version ${v.VOCABULARY_VERSION}`);
      if (h.readUInt32LE(v.HEADER_AT_SLOT_SIZE) !== SLOT) throw new Error('its slots have another size');
      const big = (at: number) => h.readUInt32LE(at) + h.readUInt32LE(at + 4) * 4294967296;
      const header: Header = {
        pid: h.readUInt32LE(v.HEADER_AT_PID),
        ppid: h.readUInt32LE(v.HEADER_AT_PPID),
        uid: h.readUInt32LE(v.HEADER_AT_UID),
        parentUid: h.readUInt32LE(v.HEADER_AT_PARENT_UID),
        createdMono: big(v.HEADER_AT_CREATED_MONO),
        createdWall: big(v.HEADER_AT_CREATED_WALL),
        cellsOffset: big(v.HEADER_AT_CELLS_OFFSET),
        cellCount: h.readUInt32LE(v.HEADER_AT_CELL_COUNT),
        metaOffset: big(v.HEADER_AT_META_OFFSET),
        metaSlots: big(v.HEADER_AT_META_SLOTS),
        ringOffset: big(v.HEADER_AT_RING_OFFSET),
      };
      const inOrder =
        header.cellsOffset >= v.HEADER_SIZE &&
        header.cellsOffset < header.metaOffset &&
        header.metaOffset < header.ringOffset &&
        header.ringOffset < 2 ** 40;
      if (!inOrder || header.cellCount > MAX_CELLS || header.metaSlots > MAX_META_SLOTS || header.uid === 0)
        throw new Error('its header makes no sense');
      this.header = header;
    }
    this.ringSlots = h.readUInt32LE(v.HEADER_AT_RING_SLOTS);
    if (this.ringSlots === 0 || this.ringSlots > MAX_RING_SLOTS) throw new Error('its ring has an impossible size');
    this.ringFloor = h.readUInt32LE(v.HEADER_AT_RING_FLOOR) + h.readUInt32LE(v.HEADER_AT_RING_FLOOR + 4) * 4294967296;
    if (this.ringFloor > MAX_FLOOR) throw new Error('its ring begins at an impossible number');
    this.metaDropped = h.readUInt32LE(v.HEADER_AT_META_DROPPED);
    this.ringDropped = h.readUInt32LE(v.HEADER_AT_RING_DROPPED);
    this.state = h.readUInt32LE(v.HEADER_AT_STATE);
    return true;
  }

  /** Slots from sequence number `seq` on, up to the end of the ring or of a block. @param many whether much is expected */
  readRing(seq: number, many: boolean): Block {
    const { ringOffset } = this.header as Header;
    const index = seq % this.ringSlots;
    const slots = Math.min(many ? BLOCK_SLOTS : GLANCE_SLOTS, this.ringSlots - index);
    const bytes = Buffer.from(new ArrayBuffer(slots * SLOT));
    const got = readSync(this.descriptor, bytes, 0, bytes.length, ringOffset + index * SLOT);
    return {
      bytes,
      u32: new Uint32Array(bytes.buffer, 0, bytes.length / 4),
      first: seq,
      slots: Math.floor(got / SLOT),
    };
  }

  readMeta(seq: number): { bytes: Buffer; slots: number } {
    const { metaOffset, metaSlots } = this.header as Header;
    const slots = Math.max(0, Math.min(GLANCE_SLOTS * 4, metaSlots - seq));
    const bytes = Buffer.allocUnsafe(slots * SLOT);
    const got = slots === 0 ? 0 : readSync(this.descriptor, bytes, 0, bytes.length, metaOffset + seq * SLOT);
    return { bytes, slots: Math.floor(got / SLOT) };
  }

  readCells(): Buffer {
    const { cellsOffset, cellCount } = this.header as Header;
    const bytes = Buffer.allocUnsafe(cellCount * v.CELL_SIZE);
    const got = readSync(this.descriptor, bytes, 0, bytes.length, cellsOffset);
    return bytes.subarray(0, got);
  }

  get size(): number {
    return fstatSync(this.descriptor).size;
  }

  close(): void {
    if (this.fd < 0) return;
    closeSync(this.fd);
    this.fd = -1;
    this.descriptors.release(this);
  }
}
