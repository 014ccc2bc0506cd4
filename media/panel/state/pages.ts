import type { MessagesParams, MessagesResult } from '../../../server/protocol/stream';
import type { MessageFilter, MessageRow, SessionId } from '../../../server/protocol/views';

export const PAGE = 200;
const KEPT = 30;

/** Pages of the filtered message list, fetched when they are looked at. Answers to questions of an old filter are dropped. */
export class Pages {
  total = 0;
  complete = true;
  private readonly pages = new Map<number, readonly MessageRow[]>();
  private readonly asked = new Set<number>();
  private generation = 0;

  /** @param changed called when there is something new to draw */
  constructor(
    private readonly ask: (params: MessagesParams) => Promise<MessagesResult>,
    private readonly changed: () => void,
    private sessionId: SessionId | null = null,
    private filter: MessageFilter = {},
  ) {}

  /** Starts over with another session or filter. */
  reset(sessionId: SessionId | null, filter: MessageFilter): void {
    this.generation++;
    this.sessionId = sessionId;
    this.filter = filter;
    this.pages.clear();
    this.asked.clear();
    this.total = 0;
    this.complete = true;
    if (sessionId !== null) void this.fetch(0);
  }

  /** The row, or null while it is on its way. */
  row(index: number): MessageRow | null {
    const page = this.pages.get(Math.floor(index / PAGE));
    const row = page?.[index % PAGE];
    if (row === undefined && index < this.total) void this.fetch(Math.floor(index / PAGE));
    return row ?? null;
  }

  /** There may be more messages, and some of those in sight may have been received since. */
  refresh(first: number, last: number): void {
    if (this.sessionId === null) return;
    const wanted = new Set([Math.floor(Math.max(0, this.total - 1) / PAGE)]);
    for (let page = Math.floor(first / PAGE); page <= Math.floor(last / PAGE); page++) {
      const rows = this.pages.get(page);
      if (rows === undefined || rows.length < PAGE || rows.some((row) => row.receivedAtMs === null)) wanted.add(page);
    }
    for (const page of wanted) void this.fetch(page);
  }

  private async fetch(page: number): Promise<void> {
    if (this.sessionId === null || this.asked.has(page)) return;
    const generation = this.generation;
    this.asked.add(page);
    try {
      const result = await this.ask({
        sessionId: this.sessionId,
        filter: this.filter,
        offset: page * PAGE,
        limit: PAGE,
      });
      if (generation !== this.generation) return;
      this.total = result.total;
      this.complete = result.complete;
      this.pages.delete(page);
      this.pages.set(page, result.rows);
      if (this.pages.size > KEPT) this.pages.delete(this.pages.keys().next().value as number);
      this.changed();
    } catch {
      // the session was closed, or the server is restarting: the next update asks again
    } finally {
      if (generation === this.generation) this.asked.delete(page);
    }
    if (generation === this.generation && !this.complete) setTimeout(() => void this.fetch(page), 30);
  }
}
