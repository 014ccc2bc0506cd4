import { BLOCK, MessageTimes } from '../../history/messageTimes';
import { PairCounts } from '../../history/pairCounts';
import { type OpenPageStore, PAGE_RECORDS as PAGE_ENTRIES, RecordPages } from '../structures/recordPages';

/** Facts about one message without its payload. Times are monotonic ns; images are journal numbers; -1: not yet. */
export interface MessageEntry {
  id: number;
  channel: number;
  /** -1: its sender is unknown. */
  sendImage: number;
  /** -1: its send has no event. */
  sendSeq: number;
  sendLoc: number;
  /** -1: its sender is unknown. */
  sentAt: number;
  /** ns from the put's return to the send; negative if the put returned later; null if there was no put. */
  putDelta: number | null;
  recvImage: number;
  recvSeq: number;
  recvLoc: number;
  receivedAt: number;
  size: number;
  /** Interventions before it was sent; see `intentsOf`. */
  changes: number;
}

const ENTRY = 64;
const RECEIVED = 1;
const PUT = 2;
/** Its send is unknown. */
const UNSENT = 4;
/** Its send has no event of its own, because its process ended. */
const DERIVED = 8;
/** The intervention bits start at this bit of the flags. */
const CHANGES = 4;

/** All messages of a session by number, in order of sending. */
export class MessageIndex {
  private readonly pages: RecordPages;
  /** When each message was under way: finds the messages of a time span without visiting all. */
  readonly times = new MessageTimes();
  /** Number of messages between images, over time. */
  readonly pairs = new PairCounts();
  count = 0;

  constructor(open: OpenPageStore) {
    this.pages = new RecordPages(ENTRY, open);
  }

  /** Adds the next message and returns its number. */
  add(channel: number, image: number, seq: number, loc: number, at: number, size: number): number {
    const id = this.count++;
    const page = this.pages.of(id);
    const at32 = (id % PAGE_ENTRIES) * (ENTRY / 4);
    const u32 = page.u32;
    u32[at32] = channel;
    u32[at32 + 1] = image;
    u32[at32 + 2] = seq;
    u32[at32 + 3] = loc;
    u32[at32 + 4] = 0;
    u32[at32 + 5] = 0;
    u32[at32 + 6] = 0;
    u32[at32 + 7] = size;
    u32[at32 + 8] = 0;
    page.f64[at32 / 2 + 5] = at;
    page.f64[at32 / 2 + 6] = 0;
    page.f64[at32 / 2 + 7] = 0;
    page.dirty = true;
    if (at > 0) {
      this.times.began(id, at);
      this.times.departed(id);
    }
    return id;
  }

  /** Adds a message whose send is not known, or not yet. */
  addReceived(channel: number, image: number, seq: number, loc: number, at: number, size: number): number {
    const id = this.add(channel, 0, 0, 0, 0, size);
    this.received(id, image, seq, loc, at);
    this.flag(id, UNSENT, 0);
    return id;
  }

  /** The send of a message that was received before. */
  sent(id: number, image: number, seq: number, loc: number, at: number): void {
    const page = this.pages.of(id);
    const at32 = (id % PAGE_ENTRIES) * (ENTRY / 4);
    page.u32[at32 + 1] = image;
    page.u32[at32 + 2] = seq;
    page.u32[at32 + 3] = loc;
    page.f64[at32 / 2 + 5] = at;
    this.flag(id, 0, UNSENT);
    this.times.began(id, at);
    this.pairs.add(page.u32[at32] as number, image, page.u32[at32 + 4] as number, at);
  }

  /** The same for a send without an event of its own. */
  derived(id: number, image: number, loc: number, at: number): void {
    this.sent(id, image, 0, loc, at);
    this.flag(id, DERIVED, 0);
  }

  private flag(id: number, set: number, cleared: number): void {
    const page = this.pages.of(id);
    const at32 = (id % PAGE_ENTRIES) * (ENTRY / 4) + 8;
    page.u32[at32] = ((page.u32[at32] as number) & ~cleared) | set;
    page.dirty = true;
  }

  received(id: number, image: number, seq: number, loc: number, at: number): void {
    const page = this.pages.of(id);
    const at32 = (id % PAGE_ENTRIES) * (ENTRY / 4);
    page.u32[at32 + 4] = image;
    page.u32[at32 + 5] = seq;
    page.u32[at32 + 6] = loc;
    page.u32[at32 + 8] = (page.u32[at32 + 8] as number) | RECEIVED;
    page.f64[at32 / 2 + 6] = at;
    page.dirty = true;
    const sentAt = page.f64[at32 / 2 + 5] as number;
    this.times.arrived(id, at, sentAt > 0);
    if (sentAt > 0) this.pairs.add(page.u32[at32] as number, page.u32[at32 + 1] as number, image, sentAt);
  }

  /** The put behind a queue's message: its line replaces the feeder's. */
  put(id: number, loc: number, at: number): void {
    const page = this.pages.of(id);
    const at32 = (id % PAGE_ENTRIES) * (ENTRY / 4);
    page.u32[at32 + 3] = loc;
    page.u32[at32 + 8] = (page.u32[at32 + 8] as number) | PUT;
    page.f64[at32 / 2 + 7] = at;
    page.dirty = true;
    this.times.began(id, at);
  }

  /** An intervention changed it before it was sent. */
  changed(id: number, bits: number): void {
    const page = this.pages.of(id);
    const at32 = (id % PAGE_ENTRIES) * (ENTRY / 4) + 8;
    page.u32[at32] = (page.u32[at32] as number) | (bits << CHANGES);
    page.dirty = true;
  }

  entry(id: number): MessageEntry | null {
    if (!Number.isInteger(id) || id < 0 || id >= this.count) return null;
    const { u32, f64 } = this.pages.of(id);
    const at = (id % PAGE_ENTRIES) * (ENTRY / 4);
    const flags = u32[at + 8] as number;
    const known = (flags & UNSENT) === 0;
    const sentAt = known ? (f64[at / 2 + 5] as number) : -1;
    const got = (flags & RECEIVED) !== 0;
    return {
      id,
      channel: u32[at] as number,
      sendImage: known ? (u32[at + 1] as number) : -1,
      sendSeq: known && (flags & DERIVED) === 0 ? (u32[at + 2] as number) : -1,
      sendLoc: u32[at + 3] as number,
      sentAt,
      putDelta: flags & PUT ? sentAt - (f64[at / 2 + 7] as number) : null,
      recvImage: got ? (u32[at + 4] as number) : -1,
      recvSeq: u32[at + 5] as number,
      recvLoc: u32[at + 6] as number,
      receivedAt: got ? (f64[at / 2 + 6] as number) : -1,
      size: u32[at + 7] as number,
      changes: flags >>> CHANGES,
    };
  }

  /**
   * Calls `visit(id, channel, sendImage or -1, recvImage or -1)` for the messages from `from` on, at most `limit` of them, without an object per
   * message. Returns where to continue.
   */
  scan(
    from: number,
    limit: number,
    visit: (id: number, channel: number, sendImage: number, recvImage: number) => void,
  ): number {
    const end = Math.min(this.count, from + limit);
    for (let id = from; id < end; ) {
      const { u32 } = this.pages.of(id);
      const stop = Math.min(end, (Math.floor(id / PAGE_ENTRIES) + 1) * PAGE_ENTRIES);
      for (; id < stop; id++) {
        const at = (id % PAGE_ENTRIES) * (ENTRY / 4);
        const got = ((u32[at + 8] as number) & RECEIVED) !== 0;
        const sender = ((u32[at + 8] as number) & UNSENT) === 0 ? (u32[at + 1] as number) : -1;
        visit(id, u32[at] as number, sender, got ? (u32[at + 4] as number) : -1);
      }
    }
    return end;
  }

  /**
   * Calls `visit` for the messages that may have been under way between two moments, monotonic ns, oldest first.
   * Returns false, without any call, if there are more than `most`.
   */
  under(from: number, to: number, most: number, visit: (id: number) => void): boolean {
    const spans = this.times.overlapping(from, to).map((block) => {
      const first = block * BLOCK;
      return { first, end: Math.min(this.count, first + BLOCK) };
    });
    if (spans.reduce((sum, { first, end }) => sum + end - first, 0) > most) return false;
    for (const { first, end } of spans) for (let id = first; id < end; id++) visit(id);
    return true;
  }

  dispose(): void {
    this.pages.dispose();
  }
}

/** Where a message's payload is: [image, seq] of its send, or of its receive if the send has no event. */
export function payloadPlace({ sendImage, sendSeq, recvImage, recvSeq }: MessageEntry): readonly [number, number] {
  return sendSeq >= 0 ? [sendImage, sendSeq] : [recvImage, recvSeq];
}

/** Monotonic ns at which a message was put, or sent; at which it was received if neither is known. */
export function beganAt({ sentAt, putDelta, receivedAt }: MessageEntry): number {
  return sentAt < 0 ? receivedAt : sentAt - Math.max(0, putDelta ?? 0);
}
