import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Records in one page. */
export const PAGE_RECORDS = 4096;
const CACHED_BYTES = 24 * 2 ** 20;

interface RecordPage {
  readonly number: number;
  readonly bytes: Buffer;
  readonly u32: Uint32Array;
  readonly f64: Float64Array;
  dirty: boolean;
  used: number;
}

/**
 * Records of one size by number. Kept in pages of a temporary file, so that memory stays bounded whatever their number; the
 * pages in use are cached.
 */
export class RecordPages {
  private readonly pages = new Map<number, RecordPage>();
  private readonly pageBytes: number;
  private readonly cached: number;
  private folder: string | null = null;
  private fd = -1;
  private clock = 0;
  private last: RecordPage | null = null;

  /** @param size bytes of a record, a multiple of 8 */
  constructor(size: number) {
    this.pageBytes = size * PAGE_RECORDS;
    this.cached = Math.floor(CACHED_BYTES / this.pageBytes);
  }

  /** The page that holds record `id`, at `id % PAGE_RECORDS`. Whoever writes to it sets `dirty`. */
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
    if (this.fd >= 0) closeSync(this.fd);
    this.fd = -1;
    if (this.folder !== null) rmSync(this.folder, { recursive: true, force: true });
    this.folder = null;
    this.pages.clear();
    this.last = null;
  }

  private load(number: number): RecordPage {
    let bytes: Buffer | null = null;
    if (this.pages.size >= this.cached) {
      let oldest: RecordPage | null = null;
      for (const each of this.pages.values()) if (oldest === null || each.used < oldest.used) oldest = each;
      if (oldest !== null) {
        this.spill(oldest);
        this.pages.delete(oldest.number);
        bytes = oldest.bytes;
      }
    }
    bytes ??= Buffer.from(new ArrayBuffer(this.pageBytes));
    bytes.fill(0);
    if (this.fd >= 0) readSync(this.fd, bytes, 0, this.pageBytes, number * this.pageBytes);
    const page: RecordPage = {
      number,
      bytes,
      u32: new Uint32Array(bytes.buffer, bytes.byteOffset, this.pageBytes / 4),
      f64: new Float64Array(bytes.buffer, bytes.byteOffset, this.pageBytes / 8),
      dirty: false,
      used: 0,
    };
    this.pages.set(number, page);
    return page;
  }

  private spill(page: RecordPage): void {
    if (!page.dirty) return;
    if (this.fd < 0) {
      this.folder = mkdtempSync(join(tmpdir(), `forkscope-index-${process.pid}-`));
      this.fd = openSync(join(this.folder, 'records'), 'wx+', 0o600);
    }
    writeSync(this.fd, page.bytes, 0, this.pageBytes, page.number * this.pageBytes);
    page.dirty = false;
  }
}
