import type { Span } from '../../core/history/lane';
import { severityOf, stateOf } from '../../core/history/sessionHistory';
import type { ThreadSlot } from '../../core/model/input/slot';
import * as v from '../../protocol/vocabulary';
import type { JournalFile } from './journalFile';
import { SlotCursor } from './slotCursor';

const WORDS = v.SLOT_SIZE / 4;
/** From so many slots on a whole block is read at once. */
const MANY = 64;

/** An operation that is over, and what its thread's slot said while it went on. */
export interface RecordedSpan extends Span, ThreadSlot {}

/** Operations of one thread, by the sequence numbers between which they are, both included. */
interface Wanted {
  readonly thread: number;
  readonly first: number;
  readonly last: number;
}

/**
 * Reads operations again that were applied before, as far as the ring still has them. One object serves for all: it is valid during the call.
 *
 * @param shift ns from the clock of the journal to the session's
 * @param isQueue whether this is the end of a queue
 */
export function readSpans(
  file: JournalFile,
  shift: number,
  { thread, first, last }: Wanted,
  isQueue: (end: number) => boolean,
  visit: (span: RecordedSpan) => void,
): void {
  const cursor = new SlotCursor();
  for (let seq = Math.max(first, file.ringFloor); seq <= last; ) {
    const block = file.readRing(seq, last - seq > MANY);
    if (block.slots === 0) return;
    const slots = Math.min(block.slots, last - seq + 1);
    for (let slot = 0; slot < slots; slot++) {
      // A slot that was recycled meanwhile, or is not published.
      if (block.u32[slot * WORDS + 1] !== (seq + slot) % 4294967296) continue;
      cursor.moveTo(block, slot, shift);
      if (cursor.thread !== thread) continue;
      const state = stateOf(cursor, cursor.kind === v.KIND_RECV && isQueue(cursor.obj));
      if (state < 0) continue;
      const { kind: op, loc, t0, t1, obj, a, b } = cursor;
      visit({ op, loc, t0, t1, thread, obj, a, b, state, severity: severityOf(cursor) });
    }
    seq += slots;
  }
}
