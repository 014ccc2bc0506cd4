/** Reads the messages of the Debug Adapter Protocol's streams: headers, an empty line, a text of so many bytes. */

interface FrameEvents {
  message(text: string): void;
  /** What comes is no message, so where the next one would begin is not known: nothing more is read. Called once. */
  broken(reason: string): void;
}

/** A message longer than this is from no debugger and no editor. */
const LONGEST = 64 * 2 ** 20;
/** Nor are headers longer than this. */
const LONGEST_HEADER = 8192;
const HEADER = /^([\w!#$%&'*+.^`|~-]+)[ \t]*:[ \t]*(.*?)[ \t]*$/;
/** What may become a header when more of it comes. */
const HEADS_FOR_HEADER = /^\r?$|^[\w!#$%&'*+.^`|~-]+[ \t]*(:|$)/;

export class FrameReader {
  private chunks: Buffer[] = [];
  private available = 0;
  /** Bytes of the headers that were read of the message that comes. */
  private header = 0;
  private length: number | null = null;
  /** All headers of the message were read. */
  private inBody = false;
  private over = false;

  constructor(private readonly events: FrameEvents) {}

  push(chunk: Buffer): void {
    if (this.over) return;
    this.chunks.push(chunk);
    this.available += chunk.length;
    while (!this.over && (this.inBody ? this.readBody() : this.readHeader()));
  }

  /** Whether the stream stands between two messages: where it ends in one, that one is lost. */
  get isBetween(): boolean {
    return this.over || (this.available === 0 && this.header === 0 && !this.inBody);
  }

  private readBody(): boolean {
    const { length } = this;
    if (length === null || this.available < length) return false;
    const text = this.take(length).toString('utf8');
    this.inBody = false;
    this.length = null;
    this.header = 0;
    this.events.message(text);
    return true;
  }

  private readHeader(): boolean {
    const pending = this.join();
    const end = pending.indexOf(10);
    this.header += end < 0 ? 0 : end + 1;
    if (this.header + (end < 0 ? this.available : 0) > LONGEST_HEADER)
      return this.fail('the headers of a message have no end');
    if (end < 0) {
      const begun = pending.toString('latin1');
      return HEADS_FOR_HEADER.test(begun) ? false : this.fail(`${quoted(begun)} is no header`);
    }
    const line = this.take(end + 1)
      .toString('latin1')
      .replace(/\r?\n$/, '');
    if (line === '') return this.endHeader();
    const found = HEADER.exec(line);
    if (found === null) return this.fail(`${quoted(line)} is no header`);
    const [, name = '', value = ''] = found;
    if (name.toLowerCase() !== 'content-length') return true; // Content-Type: UTF-8 is all there is
    this.length = /^\d+$/.test(value) ? Number(value) : Number.NaN;
    return this.length <= LONGEST ? true : this.fail(`${quoted(line)} is no length of a message`);
  }

  private endHeader(): boolean {
    if (this.length !== null) {
      this.inBody = true;
      return true;
    }
    if (this.header > 2) return this.fail('a message has no Content-Length');
    this.header = 0; // an empty line too many
    return true;
  }

  private fail(reason: string): false {
    this.over = true;
    this.chunks = [];
    this.available = 0;
    this.events.broken(reason);
    return false;
  }

  private join(): Buffer {
    const [only] = this.chunks;
    const all = this.chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.chunks);
    this.chunks = [all];
    return all;
  }

  private take(length: number): Buffer {
    const all = this.join();
    const rest = all.subarray(length);
    this.chunks = rest.length > 0 ? [rest] : [];
    this.available = rest.length;
    return all.subarray(0, length);
  }
}

/** Its beginning, printable. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
