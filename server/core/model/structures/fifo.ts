/** A first-in first-out queue of numbers that costs 8 bytes per item and no allocation per item. */
export class NumberFifo {
  private items = new Float64Array(16);
  private head = 0;
  private count = 0;

  get length(): number {
    return this.count;
  }
  push(value: number): void {
    if (this.count === this.items.length) {
      const grown = new Float64Array(this.items.length * 2);
      for (let i = 0; i < this.count; i++) grown[i] = this.items[(this.head + i) % this.items.length] as number;
      this.items = grown;
      this.head = 0;
    }
    this.items[(this.head + this.count) % this.items.length] = value;
    this.count++;
  }
  /** The value that `shift` returns next. */
  get first(): number {
    return this.count === 0 ? -1 : (this.items[this.head] as number);
  }
  /** -1 when empty. */
  shift(): number {
    if (this.count === 0) return -1;
    const value = this.items[this.head] as number;
    this.head = (this.head + 1) % this.items.length;
    this.count--;
    return value;
  }
}
