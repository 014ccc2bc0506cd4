/** Reading events out of blocks of a ring. Where the fields are is declared in the vocabulary (slot). */
import { type EventCursor, orderTime } from '../../core/model/input/event';
import * as v from '../../protocol/vocabulary';
import type { Block } from './journalFile';

const WORDS = v.SLOT_SIZE / 4;

/** The event at which it stands; moved from one to the next instead of made for each. */
export class SlotCursor implements EventCursor {
  kind = 0;
  outcome = 0;
  flags = 0;
  t0 = 0;
  t1 = 0;
  thread = 0;
  obj = 0;
  loc = 0;
  size = 0;
  a = 0;
  b = 0;
  seq = 0;
  private bytes: Buffer = NOTHING;
  private at = 0;

  /** @param shift ns from the clock of the journal to the session's */
  moveTo({ u32, bytes, first }: Block, slot: number, shift: number): void {
    const at = slot * WORDS;
    const word = u32[at] as number;
    this.kind = word & 0xff;
    this.outcome = (word >>> 8) & 0xff;
    this.flags = word >>> 16;
    this.t0 = big(u32, at + 2) + shift;
    this.t1 = big(u32, at + 4) + shift;
    this.thread = big(u32, at + 6);
    this.obj = big(u32, at + 8);
    this.loc = u32[at + 10] as number;
    this.size = u32[at + 11] as number;
    this.a = signed(u32, at + 12);
    this.b = signed(u32, at + 14);
    this.seq = first + slot;
    this.bytes = bytes;
    this.at = slot * v.SLOT_SIZE + v.SLOT_AT_DATA;
  }

  text(): string {
    return this.bytes.toString('utf8', this.at, this.at + Math.min(this.size, v.SLOT_DATA_SIZE));
  }
}
const NOTHING = Buffer.alloc(0);

/** The clock reading that orders the event in this slot, on its journal's clock. */
export function orderTimeAt({ u32 }: Block, slot: number): number {
  const at = slot * WORDS;
  return orderTime((u32[at] as number) & 0xff, big(u32, at + 2), big(u32, at + 4));
}

/** How many events of one kind and outcome on one object there had been, with their payloads' sizes, below a sequence number. */
export interface TotalsSlot {
  readonly floor: number;
  readonly obj: number;
  readonly kind: number;
  readonly outcome: number;
  readonly count: number;
  readonly bytes: number;
}

/** A slot of the kind `totals`, which uses the fields of an event in its own way. */
export function totalsAt({ u32 }: Block, slot: number): TotalsSlot {
  const at = slot * WORDS;
  return {
    floor: big(u32, at + 2),
    obj: big(u32, at + 8),
    kind: u32[at + 11] as number,
    outcome: ((u32[at] as number) >>> 8) & 0xff,
    count: big(u32, at + 12),
    bytes: big(u32, at + 14),
  };
}

function big(u32: Uint32Array, at: number): number {
  return (u32[at] as number) + (u32[at + 1] as number) * 4294967296;
}
function signed(u32: Uint32Array, at: number): number {
  return (u32[at] as number) + ((u32[at + 1] as number) | 0) * 4294967296;
}
