/** Records in one page. */
export const PAGE_RECORDS = 4096;
const CACHED_BYTES = 24 * 2 ** 20;

/** Stores pages that do not fit into memory. Positions and lengths are in bytes. */
export interface PageStore {
  /** Fills `bytes` from position `at`; leaves ranges that were never written unchanged. */
  read(bytes: Uint8Array, at: number): void;
  write(bytes: Uint8Array, at: number): void;
  dispose(): void;
}

/** Creates the store of one index; called only when its pages outgrow the cache. */
export type OpenPageStore = () => PageStore;

interface RecordPage {
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly u32: Uint32Array;
  readonly f64: Float64Array;
  dirty: boolean;
  used: number;
}

/**
 * Records of one size by number. The pages in use are cached and the others are in a page store, so memory stays bounded whatever the number of
 * records.
 */
export class RecordPages {
  private readonly pages = new Map<number, RecordPage>();
  private readonly pageBytes: number;
  private readonly cached: number;
  private store: PageStore | null = null;
  private clock = 0;
  private last: RecordPage | null = null;

  /** @param size bytes per record, a multiple of 8 */
  constructor(
    size: number,
    private readonly open: OpenPageStore,
  ) {
    this.pageBytes = size * PAGE_RECORDS;
    this.cached = Math.floor(CACHED_BYTES / this.pageBytes);
  }

  /** The page that holds record `id`, at `id % PAGE_RECORDS`. A writer sets `dirty`. */
  of(id: number): RecordPage {
    const number = Math.floor(id / PAGE_RECORDS);
    const last = this.last;
    if (last !== null && last.number === number) return last;
    let page = this.pages.get(number);
    if (page === undefined) page = this.load(number);
    page.used = ++this.clock;
    this.last = page;
    return page;
  }

  dispose(): void {
    this.store?.dispose();
    this.store = null;
    this.pages.clear();
    this.last = null;
  }

  private load(number: number): RecordPage {
    let bytes: Uint8Array | null = null;
    if (this.pages.size >= this.cached) {
      let oldest: RecordPage | null = null;
      for (const each of this.pages.values()) if (oldest === null || each.used < oldest.used) oldest = each;
      if (oldest !== null) {
        this.spill(oldest);
        this.pages.delete(oldest.number);
        bytes = oldest.bytes;
      }
    }
    bytes ??= new Uint8Array(this.pageBytes);
    bytes.fill(0);
    this.store?.read(bytes, number * this.pageBytes);
    const page: RecordPage = {
      number,
      bytes,
      u32: new Uint32Array(bytes.buffer, 0, this.pageBytes / 4),
      f64: new Float64Array(bytes.buffer, 0, this.pageBytes / 8),
      dirty: false,
      used: 0,
    };
    this.pages.set(number, page);
    return page;
  }

  private spill(page: RecordPage): void {
    if (!page.dirty) return;
    this.store ??= this.open();
    this.store.write(page.bytes, page.number * this.pageBytes);
    page.dirty = false;
  }
}
