/** Thrown only inside the decoder: the bytes end here, or are invalid. Never leaves the folder. */
export class Stop extends Error {
  constructor(
    readonly reason: 'end' | 'invalid',
    /** The known part of the value that was truncated. */
    readonly partial: Uint8Array | null = null,
  ) {
    super(reason);
  }
}

/** Reads forward through a pickle's bytes. Sizes are checked before anything is allocated. */
export class Cursor {
  private readonly view: DataView;
  at = 0;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get atEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  private step(size: number): number {
    const from = this.at;
    if (from + size > this.bytes.length) throw new Stop('end');
    this.at = from + size;
    return from;
  }

  u8(): number {
    return this.view.getUint8(this.step(1));
  }
  u16(): number {
    return this.view.getUint16(this.step(2), true);
  }
  i32(): number {
    return this.view.getInt32(this.step(4), true);
  }
  u32(): number {
    return this.view.getUint32(this.step(4), true);
  }
  /** Beyond 2^53 the exact value does not matter: no payload is that long. */
  u64(): number {
    return Number(this.view.getBigUint64(this.step(8), true));
  }
  f64(): number {
    return this.view.getFloat64(this.step(8), false);
  }

  /** A view, not a copy. Past the end: throws Stop with the bytes that exist. */
  take(size: number): Uint8Array {
    if (size < 0) throw new Stop('invalid');
    const from = this.at;
    if (from + size > this.bytes.length) {
      this.at = this.bytes.length;
      throw new Stop('end', this.bytes.subarray(from));
    }
    this.at = from + size;
    return this.bytes.subarray(from, this.at);
  }

  /** Up to the next line feed, exclusive. */
  line(): Uint8Array {
    const end = this.bytes.indexOf(10, this.at);
    if (end < 0) {
      const from = this.at;
      this.at = this.bytes.length;
      throw new Stop('end', this.bytes.subarray(from));
    }
    const line = this.bytes.subarray(this.at, end);
    this.at = end + 1;
    return line;
  }
}
