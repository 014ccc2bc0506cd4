import type { SessionId } from '../../../server/protocol/views';

export const PAGE = 200;
const KEPT = 30;
/** Instead of a page number: the last rows, two pages of them, so that a window that spans two pages is covered. */
const END = -1;

interface Span {
  readonly offset: number;
  readonly limit: number;
}
interface Answer<Row> {
  readonly rows: readonly Row[];
  /** Index of the first row in the whole list; by default the requested one. */
  readonly offset?: number;
  /** Length of the whole list. */
  readonly total: number;
  /** False while the list is still being built: request it again. */
  readonly complete: boolean;
}
interface PagesOptions<Row> {
  /** Whether a row may still change. */
  readonly open: (row: Row) => boolean;
  /** Delay before the next request for a list that is being built, ms. */
  readonly again: number;
}

/** Pages of a long list on the server, fetched when visible. Answers to outdated queries are dropped. */
export class Pages<Row, Query extends { readonly sessionId: SessionId }> {
  total = 0;
  complete = true;
  /** This query was answered: `total` is known. */
  answered = false;
  private readonly pages = new Map<number, readonly Row[]>();
  /** Page numbers; -1: the list's end. */
  private readonly asked = new Set<number>();
  /** The requested pages whose pending answer may predate the latest change. */
  private readonly outdated = new Set<number>();
  private generation = 0;
  private query: Query | null = null;

  /** @param changed called when there is something new to draw */
  constructor(
    private readonly ask: (params: Query & Span) => Promise<Answer<Row>>,
    private readonly changed: () => void,
    private readonly options: PagesOptions<Row>,
  ) {}

  /** Starts over with another query; null: none. */
  reset(query: Query | null): void {
    this.generation++;
    this.query = query;
    this.pages.clear();
    this.asked.clear();
    this.outdated.clear();
    this.total = 0;
    this.complete = true;
    this.answered = false;
    if (query !== null) void this.fetch(0);
  }

  /** The row, or null while it is being fetched. */
  row(index: number): Row | null {
    const page = this.pages.get(Math.floor(index / PAGE));
    const row = page?.[index % PAGE];
    if (row === undefined && index < this.total) void this.fetch(Math.floor(index / PAGE));
    return row ?? null;
  }

  /**
   * There may be more rows, and some visible ones may have changed.
   * @param how moved: the order may have changed, so every visible page is fetched and the others are dropped.
   *   end: the list's end is visible and to be kept so, so its end is fetched, wherever that is by then
   */
  refresh(first: number, last: number, how: 'end' | 'moved' | null = null): void {
    if (this.query === null) return;
    if (how === 'end') {
      this.refetch(END);
      return;
    }
    const moved = how === 'moved';
    const wanted = new Set(moved ? [] : [Math.floor(Math.max(0, this.total - 1) / PAGE)]);
    const seen = [Math.floor(first / PAGE), Math.floor(Math.max(first, last) / PAGE)] as const;
    for (let page = seen[0]; page <= seen[1]; page++) {
      const rows = this.pages.get(page);
      if (moved || rows === undefined || rows.length < PAGE || rows.some(this.options.open)) wanted.add(page);
    }
    if (moved) for (const page of this.pages.keys()) if (page < seen[0] || page > seen[1]) this.pages.delete(page);
    for (const page of wanted) if (page === 0 || page * PAGE < this.total) this.refetch(page);
  }

  private refetch(page: number): void {
    if (this.asked.has(page)) this.outdated.add(page);
    else void this.fetch(page);
  }

  private async fetch(page: number): Promise<void> {
    if (this.query === null || this.asked.has(page)) return;
    const generation = this.generation;
    this.asked.add(page);
    try {
      const span = page === END ? { offset: -2 * PAGE, limit: 2 * PAGE } : { offset: page * PAGE, limit: PAGE };
      const result = await this.ask({ ...this.query, ...span });
      if (generation !== this.generation) return;
      this.total = result.total;
      this.complete = result.complete;
      this.answered = true;
      this.keep(result.rows, result.offset ?? span.offset);
      this.changed();
    } catch {
      // the session was closed, or the server is restarting: the next update triggers another request
    } finally {
      if (generation === this.generation) this.asked.delete(page);
    }
    if (generation !== this.generation) return;
    if (this.outdated.delete(page)) void this.fetch(page);
    else if (!this.complete)
      setTimeout(() => {
        if (generation === this.generation && (page === END || this.pages.has(page))) void this.fetch(page);
      }, this.options.again);
  }

  /** Stores rows at `offset`, from the first page on that begins among them. */
  private keep(rows: readonly Row[], offset: number): void {
    let page = Math.ceil(offset / PAGE);
    do {
      const begin = page * PAGE - offset;
      this.pages.delete(page);
      this.pages.set(page, rows.slice(begin, begin + PAGE));
      if (this.pages.size > KEPT) this.pages.delete(this.pages.keys().next().value as number);
      page++;
    } while (page * PAGE < offset + rows.length);
  }
}
