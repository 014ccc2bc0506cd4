import { closeSync, ftruncateSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What is known of one message without its payload. Times are monotonic ns; images are journal numbers; -1: not yet. */
export interface MessageEntry {
  id: number;
  channel: number;
  sendImage: number;
  sendSeq: number;
  sendLoc: number;
  sentAt: number;
  /** ns from the put's return to the send; negative when the put returned later; null when there was no put. */
  putDelta: number | null;
  recvImage: number;
  recvSeq: number;
  recvLoc: number;
  receivedAt: number;
  size: number;
}

const ENTRY = 64;
const PAGE_ENTRIES = 4096;
const PAGE_BYTES = ENTRY * PAGE_ENTRIES;
const CACHED_PAGES = 96; // 24 MiB
const RECEIVED = 1;
const PUT = 2;

interface Page {
  readonly number: number;
  readonly bytes: Buffer;
  readonly u32: Uint32Array;
  readonly f64: Float64Array;
  dirty: boolean;
  used: number;
}

/**
 * All messages of a session by number, in order of sending. Kept in pages of a temporary file, so that memory stays bounded
 * whatever their number; the pages in use are cached.
 */
export class MessageIndex {
  private readonly pages = new Map<number, Page>();
  private folder: string | null = null;
  private fd = -1;
  private clock = 0;
  private last: Page | null = null;
  count = 0;

  /** Adds the next message; answers its number. */
  add(channel: number, image: number, seq: number, loc: number, at: number, size: number): number {
    const id = this.count++;
    const page = this.page(Math.floor(id / PAGE_ENTRIES));
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
    return id;
  }

  received(id: number, image: number, seq: number, loc: number, at: number): void {
    const page = this.page(Math.floor(id / PAGE_ENTRIES));
    const at32 = (id % PAGE_ENTRIES) * (ENTRY / 4);
    page.u32[at32 + 4] = image;
    page.u32[at32 + 5] = seq;
    page.u32[at32 + 6] = loc;
    page.u32[at32 + 8] = (page.u32[at32 + 8] as number) | RECEIVED;
    page.f64[at32 / 2 + 6] = at;
    page.dirty = true;
  }

  /** The put behind a queue's message: its line takes the place of the feeder's. */
  put(id: number, loc: number, at: number): void {
    const page = this.page(Math.floor(id / PAGE_ENTRIES));
    const at32 = (id % PAGE_ENTRIES) * (ENTRY / 4);
    page.u32[at32 + 3] = loc;
    page.u32[at32 + 8] = (page.u32[at32 + 8] as number) | PUT;
    page.f64[at32 / 2 + 7] = at;
    page.dirty = true;
  }

  entry(id: number): MessageEntry | null {
    if (!Number.isInteger(id) || id < 0 || id >= this.count) return null;
    const { u32, f64 } = this.page(Math.floor(id / PAGE_ENTRIES));
    const at = (id % PAGE_ENTRIES) * (ENTRY / 4);
    const flags = u32[at + 8] as number;
    const sentAt = f64[at / 2 + 5] as number;
    const got = (flags & RECEIVED) !== 0;
    return {
      id,
      channel: u32[at] as number,
      sendImage: u32[at + 1] as number,
      sendSeq: u32[at + 2] as number,
      sendLoc: u32[at + 3] as number,
      sentAt,
      putDelta: flags & PUT ? sentAt - (f64[at / 2 + 7] as number) : null,
      recvImage: got ? (u32[at + 4] as number) : -1,
      recvSeq: u32[at + 5] as number,
      recvLoc: u32[at + 6] as number,
      receivedAt: got ? (f64[at / 2 + 6] as number) : -1,
      size: u32[at + 7] as number,
    };
  }

  /**
   * Calls `visit(id, channel, sendImage, recvImage or -1)` for the messages from `from` on, at most `limit` of them,
   * without making an object for each. Answers where to go on.
   */
  scan(
    from: number,
    limit: number,
    visit: (id: number, channel: number, sendImage: number, recvImage: number) => void,
  ): number {
    const end = Math.min(this.count, from + limit);
    for (let id = from; id < end; ) {
      const { u32 } = this.page(Math.floor(id / PAGE_ENTRIES));
      const stop = Math.min(end, (Math.floor(id / PAGE_ENTRIES) + 1) * PAGE_ENTRIES);
      for (; id < stop; id++) {
        const at = (id % PAGE_ENTRIES) * (ENTRY / 4);
        const got = ((u32[at + 8] as number) & RECEIVED) !== 0;
        visit(id, u32[at] as number, u32[at + 1] as number, got ? (u32[at + 4] as number) : -1);
      }
    }
    return end;
  }

  dispose(): void {
    if (this.fd >= 0) closeSync(this.fd);
    this.fd = -1;
    if (this.folder !== null) rmSync(this.folder, { recursive: true, force: true });
    this.folder = null;
    this.pages.clear();
    this.last = null;
  }

  private page(number: number): Page {
    const last = this.last;
    if (last !== null && last.number === number) return last;
    let page = this.pages.get(number);
    if (page === undefined) page = this.load(number);
    page.used = ++this.clock;
    this.last = page;
    return page;
  }

  private load(number: number): Page {
    let bytes: Buffer | null = null;
    if (this.pages.size >= CACHED_PAGES) {
      let oldest: Page | null = null;
      for (const each of this.pages.values()) if (oldest === null || each.used < oldest.used) oldest = each;
      if (oldest !== null) {
        this.spill(oldest);
        this.pages.delete(oldest.number);
        bytes = oldest.bytes;
      }
    }
    bytes ??= Buffer.from(new ArrayBuffer(PAGE_BYTES));
    bytes.fill(0);
    if (this.fd >= 0) readSync(this.fd, bytes, 0, PAGE_BYTES, number * PAGE_BYTES);
    const page: Page = {
      number,
      bytes,
      u32: new Uint32Array(bytes.buffer, bytes.byteOffset, PAGE_BYTES / 4),
      f64: new Float64Array(bytes.buffer, bytes.byteOffset, PAGE_BYTES / 8),
      dirty: false,
      used: 0,
    };
    this.pages.set(number, page);
    return page;
  }

  private spill(page: Page): void {
    if (!page.dirty) return;
    if (this.fd < 0) {
      this.folder = mkdtempSync(join(tmpdir(), 'forkscope-index-'));
      this.fd = openSync(join(this.folder, 'messages'), 'wx+', 0o600);
      ftruncateSync(this.fd, 0);
    }
    writeSync(this.fd, page.bytes, 0, PAGE_BYTES, page.number * PAGE_BYTES);
    page.dirty = false;
  }
}
