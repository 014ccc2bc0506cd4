/** The file of a log: bounded, and robust against a full disk and a crash of this process. */
import { closeSync, ftruncateSync, readSync, writeSync } from 'node:fs';
import type { OpenedLog } from '../files/log';

/** Upper bound of a log, bytes. */
const LIMIT = 20 * 2 ** 20;
/** This much of its beginning is always kept: versions, settings, the first events. */
const HEAD = 256 * 1024;
const CHUNK = 64 * 1024;
/**
 * Upper bound of the lines buffered until the end of this turn of the event loop; beyond it they are written at once.
 */
const WAITING = 256 * 1024;

export interface LogFileOptions {
  readonly limit?: number;
  readonly head?: number;
  /** Called once when nothing can be written any more, such as on a full disk. */
  readonly failed?: (reason: string) => void;
}

export class LogFile {
  private pending: string[] = [];
  private waiting = 0;
  private due: NodeJS.Immediate | null = null;
  private size = 0;
  /** End of the lines that are always kept. */
  private headEnd = 0;
  private leftOut = 0;
  /** The line that replaces omitted ones. */
  private marker = Buffer.alloc(0);
  private open = true;
  private readonly limit: number;
  private readonly head: number;

  constructor(
    private readonly opened: OpenedLog,
    private readonly options: LogFileOptions = {},
  ) {
    this.limit = options.limit ?? LIMIT;
    this.head = Math.min(options.head ?? HEAD, Math.floor(this.limit / 4));
  }

  get path(): string {
    return this.opened.path;
  }

  /** Adds a line, without its terminator; it is in the file at the end of this turn of the event loop. Never throws. */
  add(line: string): void {
    if (!this.open) return;
    this.pending.push(line);
    this.waiting += line.length;
    if (this.waiting > WAITING) this.flush();
    // No later: a process that is killed loses nothing from before this turn.
    else this.due ??= setImmediate(() => this.flush());
  }

  flush(): void {
    if (this.due !== null) clearImmediate(this.due);
    this.due = null;
    const lines = this.pending;
    this.pending = [];
    this.waiting = 0;
    try {
      for (const line of lines) if (this.open) this.write(Buffer.from(`${line}\n`));
      if (this.open) this.drain();
    } catch (error) {
      this.fail(error as Error);
    }
  }

  close(): void {
    this.flush();
    this.shut();
  }

  private fail(error: Error): void {
    this.shut();
    try {
      this.options.failed?.(error.message);
    } catch {
      // the listener's failure does not concern the log
    }
  }

  private shut(): void {
    if (!this.open) return;
    this.open = false;
    try {
      closeSync(this.opened.fd);
    } catch {
      // its last bytes could not be written either
    }
  }

  private block: Buffer[] = [];
  private blocked = 0;
  /** Lines are collected, so that many of them take one system call. */
  private write(line: Buffer): void {
    if (this.size + this.blocked + line.length > this.limit) {
      this.drain();
      this.shorten();
    }
    this.block.push(line);
    this.blocked += line.length;
    if (this.blocked >= CHUNK) this.drain();
  }

  private drain(): void {
    if (this.blocked === 0) return;
    const bytes = Buffer.concat(this.block);
    this.block = [];
    this.blocked = 0;
    const room = this.head - this.size;
    if (this.leftOut === 0 && room > 0)
      this.headEnd = this.size + (bytes.length <= room ? bytes.length : bytes.lastIndexOf(10, room - 1) + 1);
    this.put(bytes);
  }

  private put(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) {
      const written = writeSync(this.opened.fd, bytes, at, bytes.length - at, this.size);
      at += written;
      this.size += written;
    }
  }

  /** Omits the older half of what follows the head: the cause of a fault is more often near the end. */
  private shorten(): void {
    const { fd } = this.opened;
    const from = this.lineAfter(Math.max(this.headEnd, this.size - Math.floor(this.limit / 2)));
    const end = this.size;
    this.leftOut += from - this.headEnd - this.marker.length;
    this.marker = Buffer.from(`… ${this.leftOut} bytes were left out here: the log is bounded …\n`);
    this.size = this.headEnd;
    this.put(this.marker);
    // The source is always behind the destination: the marker is shorter than the omitted lines.
    const bytes = Buffer.alloc(CHUNK);
    for (let at = from; at < end; ) {
      const length = readSync(fd, bytes, 0, Math.min(CHUNK, end - at), at);
      if (length === 0) break;
      at += length;
      this.put(bytes.subarray(0, length));
    }
    ftruncateSync(fd, this.size);
  }

  /** Start of the first line that begins at or after `at`. */
  private lineAfter(at: number): number {
    const bytes = Buffer.alloc(CHUNK);
    for (let from = at; from < this.size; ) {
      const length = readSync(this.opened.fd, bytes, 0, CHUNK, from);
      if (length === 0) break;
      const found = bytes.subarray(0, length).indexOf(10);
      if (found >= 0) return from + found + 1;
      from += length;
    }
    return this.size;
  }
}
