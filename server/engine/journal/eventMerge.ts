import type { SessionHistory } from '../../core/history/sessionHistory';
import { applyEvent } from '../../core/model/apply/event';
import type { Image } from '../../core/model/entities/process';
import type { SessionModel } from '../../core/model/state/sessionModel';
import * as v from '../../protocol/vocabulary';
import type { Journal } from './journal';
import type { Block } from './journalFile';
import { SlotCursor, totalsAt } from './slotCursor';

const WORDS = v.SLOT_SIZE / 4;
/** The runtime recycles so many slots of a large ring at once (ring.py). */
const CHUNK_SLOTS = 8192;
/** Events applied per merge, so that the caller stays responsive. */
const BUDGET = 30_000;

export interface Merged {
  readonly events: number;
  /** More is waiting to be read now. */
  readonly more: boolean;
}

/** How far to read: `watermark` is monotonic ns, `wall` the wall clock in ms; `final`: no gap is waited for. */
export interface Reach {
  readonly watermark: number;
  readonly final: boolean;
  readonly wall: number;
}

/** A journal with events, and the time of its next one. */
interface Front {
  readonly journal: Journal;
  at: number;
}

/** Brings the events of all journals into a model and its history, in order of time. */
export class EventMerge {
  private readonly cursor = new SlotCursor();

  constructor(
    private readonly model: SessionModel,
    private readonly history: SessionHistory,
  ) {}

  /** Whether this is the end of a queue. */
  isQueue(end: number): boolean {
    return this.model.channels.ends.get(end)?.channel.isQueue === true;
  }

  /** Applies the oldest event of all, again and again. @param journals with an event in front */
  merge(journals: readonly Journal[], reach: Reach): Merged {
    let events = 0;
    const heap = journals
      .filter((each) => each.image !== null)
      .map((journal): Front => ({ journal, at: journal.frontTime }));
    heap.sort((a, b) => a.at - b.at);
    for (let top = heap[0]; top !== undefined; top = heap[0]) {
      if (top.at > reach.watermark) return { events, more: false };
      if (events >= BUDGET) return { events, more: true };
      const until = Math.min(heap[1]?.at ?? Number.POSITIVE_INFINITY, reach.watermark);
      const { applied, open } = this.applyUntil(top, until, BUDGET - events, reach);
      events += applied;
      if (!open && top.journal.ring.waits) return { events, more: false };
      heap.shift();
      if (open) insert(heap, top);
    }
    return { events, more: false };
  }

  /** Applies one event of this journal, and those behind it up to a time and a number. `open`: there is another one. */
  private applyUntil(
    front: Front,
    until: number,
    most: number,
    { final, wall }: Reach,
  ): { readonly applied: number; readonly open: boolean } {
    const { journal } = front;
    const { ring } = journal;
    const patient = !final && journal.isAlive;
    let applied = 0;
    let open = true;
    do {
      this.apply(journal, ring.block as Block, ring.slot);
      applied++;
      ring.advance();
      open = ring.ready(patient, wall);
      if (journal.totalsDue) this.readTotals(journal);
      if (open) front.at = journal.frontTime;
    } while (open && front.at <= until && applied < most);
    return { applied, open };
  }

  /**
   * Events of this journal were recycled before they were read. Their counts are further on in its ring, where it had turned: they are read
   * before what followed, so that sends and receives find each other.
   */
  readTotals(journal: Journal): void {
    journal.totalsDue = false;
    if (journal.image !== null) this.history.lose(journal.image.number);
    const { ringFloor, ringSlots } = journal.file;
    const chunk = Math.min(CHUNK_SLOTS, Math.floor(ringSlots / 4));
    const end = ringFloor + ringSlots;
    for (let at = end - 2 * chunk; at < end; ) {
      const block = journal.file.readRing(at, false);
      if (block.slots === 0) return;
      for (let slot = 0; slot < block.slots && at < end; slot++, at++) {
        const word = slot * WORDS;
        const isThere = block.u32[word + 1] === at % 4294967296;
        if (isThere && ((block.u32[word] as number) & 0xff) === v.KIND_TOTALS) this.apply(journal, block, slot);
      }
    }
  }

  /** Applies events that were published late, in gaps that were passed. */
  lookBack(journal: Journal): void {
    if (journal.image === null) return;
    for (let block = journal.ring.lookBack(); block !== null; block = journal.ring.lookBack())
      this.apply(journal, block, 0);
  }

  private apply(journal: Journal, block: Block, slot: number): void {
    const { cursor } = this;
    cursor.moveTo(block, slot, journal.shift ?? 0);
    const { kind, outcome, obj, size } = cursor;
    const image = journal.image as Image;
    if (kind === v.KIND_TOTALS) {
      journal.totals.fill(this.model, image, journal.ring, totalsAt(block, slot));
      return;
    }
    journal.totals.count(journal.ring, obj, kind, outcome, size);
    this.history.event(image.number, cursor, kind === v.KIND_RECV && this.isQueue(obj));
    applyEvent(this.model, image, cursor);
  }
}

function insert(sorted: Front[], item: Front): void {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as Front).at <= item.at) low = middle + 1;
    else high = middle;
  }
  sorted.splice(low, 0, item);
}
