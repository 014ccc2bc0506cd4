import * as v from '../../protocol/vocabulary';
import type { Block, JournalFile } from './journalFile';

const WORDS = v.SLOT_SIZE / 4;
/** A hole in a living process's ring is passed after this long. */
const PATIENCE_MS = 100;
const MAX_REMEMBERED = 1024;

/**
 * Walks one journal's ring in order of sequence numbers. `block`/`slot` is the event in front; `advance` goes to the next.
 * Holes (a thread that was interrupted between reserving and publishing) are waited for, then passed and looked back at.
 */
export class RingReader {
  private seq = 0;
  block: Block | null = null;
  slot = 0;
  private holeSince = 0;
  private readonly passed: number[] = [];
  private busy = false;
  /** Events that were recycled before they were read. */
  lost = 0;
  /** Floor of the last loss; totals that speak of it fill the counters. */
  lostFloor = -1;

  /** @param onLost called when events were lost, before any that is later than they were is applied */
  constructor(
    private readonly file: JournalFile,
    private readonly onLost: () => void,
  ) {}

  /**
   * Whether it stands at a hole that may still be filled. Not said of a journal in which a hole stayed one: whoever waited for each of
   * its holes would wait long.
   */
  get waits(): boolean {
    return this.holeSince !== 0 && this.passed.length === 0;
  }

  /**
   * Forgets what it read ahead. A block is what the file was when it was read: its end is not the end of what is written by now,
   * and whoever takes it for that lets events of other journals pass that are later.
   */
  lookAnew(): void {
    const block = this.block;
    if (block === null || this.slot >= block.slots || published(block, block.slots - 1)) return;
    this.seq = this.front;
    this.block = null;
  }

  /** Sequence number of the event in front. */
  get front(): number {
    return (this.block as Block).first + this.slot;
  }

  /**
   * Makes sure that an event is in front, if there is one. @param patient whether a hole may still be filled
   * @param wall ms, any clock
   */
  ready(patient: boolean, wall: number): boolean {
    for (;;) {
      const block = this.block;
      if (block === null || this.slot >= block.slots) {
        if (!this.fill()) {
          this.holeSince = 0;
          return false;
        }
        continue;
      }
      const seq = block.first + this.slot;
      if (!published(block, this.slot)) {
        const later = this.laterPublished(block);
        if (!later) {
          // The end of what is written: read again from here next time.
          this.seq = seq;
          this.block = null;
          this.busy = false;
          this.holeSince = 0;
          return false;
        }
        if (patient) {
          if (this.holeSince === 0) this.holeSince = wall;
          if (wall - this.holeSince < PATIENCE_MS) {
            this.seq = seq;
            this.block = null;
            return false;
          }
        }
        if (this.passed.length < MAX_REMEMBERED) this.passed.push(seq);
        this.holeSince = 0;
        this.slot++;
        continue;
      }
      this.holeSince = 0;
      if (((block.u32[this.slot * WORDS] as number) & 0xff) === v.KIND_EXT) {
        this.slot++;
        continue;
      }
      return true;
    }
  }

  advance(): void {
    this.slot++;
  }

  /** One of the passed holes that has been filled since, as a block of its own; null when there is none. */
  lookBack(): Block | null {
    for (let i = 0; i < this.passed.length; i++) {
      const seq = this.passed[i] as number;
      const block = this.file.readRing(seq, false);
      const kind = (block.u32[0] as number) & 0xff;
      if (seq < this.file.ringFloor) {
        this.passed.splice(i--, 1);
      } else if (block.slots > 0 && kind !== 0 && block.u32[1] === seq % 4294967296) {
        this.passed.splice(i, 1);
        if (kind !== v.KIND_EXT) return { ...block, slots: 1 };
        i--;
      }
    }
    return null;
  }

  private fill(): boolean {
    const previous = this.block;
    if (previous !== null) this.seq = previous.first + previous.slots;
    if (this.file.ringFloor > this.seq) {
      this.lost += this.file.ringFloor - this.seq;
      this.lostFloor = this.file.ringFloor;
      this.seq = this.file.ringFloor;
      this.onLost();
    }
    const block = this.file.readRing(this.seq, this.busy || previous !== null);
    this.slot = 0;
    if (block.slots === 0) {
      this.block = null;
      this.busy = false;
      return false;
    }
    this.busy = true;
    this.block = block;
    return true;
  }

  private laterPublished(block: Block): boolean {
    for (let i = this.slot + 1; i < block.slots; i++) if (published(block, i)) return true;
    return false;
  }
}

function published(block: Block, slot: number): boolean {
  const kind = (block.u32[slot * WORDS] as number) & 0xff;
  return kind !== 0 && block.u32[slot * WORDS + 1] === (block.first + slot) % 4294967296;
}
