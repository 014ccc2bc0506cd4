/** Messages per block of the index. */
export const BLOCK = 256;

/**
 * When messages were under way, by blocks of neighbouring numbers: finds the blocks that a window may show without visiting each. Numbers ascend in order
 * of sending, so a block's messages are close in time.
 */
export class MessageTimes {
  private firsts = new Float64Array(16);
  private lasts = new Float64Array(16);
  private pending = new Uint16Array(16);
  private blocks = 0;

  /** The beginning of a message: its put, its send, or its receive if it has neither. @param at monotonic ns */
  began(id: number, at: number): void {
    const block = this.block(id);
    if (at < (this.firsts[block] as number)) this.firsts[block] = at;
    if (at > (this.lasts[block] as number)) this.lasts[block] = at;
  }

  /** The message is under way, as far as is known. */
  departed(id: number): void {
    this.pending[this.block(id)]! += 1;
  }

  /** The message was received. @param pending it was under way before */
  arrived(id: number, at: number, pending: boolean): void {
    const block = this.block(id);
    if (at > (this.lasts[block] as number)) this.lasts[block] = at;
    if (pending && (this.pending[block] as number) > 0) this.pending[block]! -= 1;
  }

  /** Blocks with a message that may have been under way between two moments, monotonic ns, in order. */
  overlapping(from: number, to: number): number[] {
    const found: number[] = [];
    for (let block = 0; block < this.blocks; block++)
      if (
        (this.firsts[block] as number) <= to &&
        ((this.lasts[block] as number) >= from || (this.pending[block] as number) > 0)
      )
        found.push(block);
    return found;
  }

  private block(id: number): number {
    const block = Math.floor(id / BLOCK);
    if (block < this.blocks) return block;
    for (; this.blocks <= block; this.blocks++) {
      if (this.blocks === this.firsts.length) this.extend();
      this.firsts[this.blocks] = Number.POSITIVE_INFINITY;
      this.lasts[this.blocks] = 0;
    }
    return block;
  }

  private extend(): void {
    const size = this.blocks * 2;
    const firsts = new Float64Array(size);
    firsts.set(this.firsts);
    const lasts = new Float64Array(size);
    lasts.set(this.lasts);
    const pending = new Uint16Array(size);
    pending.set(this.pending);
    [this.firsts, this.lasts, this.pending] = [firsts, lasts, pending];
  }
}
