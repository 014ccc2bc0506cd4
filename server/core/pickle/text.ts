import { shapeOf } from './shape';
import type { Value } from './values';

const DEEPEST = 12;

/** A value as short Python-like text: at most `limit` characters and an ellipsis. `limit` bounds recursion and work. */
export function valueText(value: Value, limit: number): string {
  const writer = new Writer(limit);
  writer.value(value, 0);
  return writer.text();
}

class Writer {
  private out = '';
  private readonly path = new Set<Value>();
  /** A shape may produce no text, so steps are counted too. */
  private steps = 0;

  constructor(private readonly limit: number) {}

  get full(): boolean {
    return this.out.length > this.limit || this.steps > this.limit * 4;
  }

  text(): string {
    if (this.out.length <= this.limit) return this.out;
    const last = this.out.charCodeAt(this.limit - 1);
    return `${this.out.slice(0, last >= 0xd800 && last < 0xdc00 ? this.limit - 1 : this.limit)}…`;
  }

  value(value: Value, depth: number): void {
    this.steps += 1;
    if (this.full) return;
    const room = this.limit - this.out.length + 1;
    const shape = shapeOf(value, Math.ceil(room / 2) + 1, room);
    if (this.path.has(value)) {
      this.out += shape.cycle;
      return;
    }
    this.out += shape.open;
    if (shape.parts.length > 0 && depth >= DEEPEST) this.out += '…';
    else {
      this.path.add(value);
      let first = true;
      for (const part of shape.parts) {
        if (this.full) break;
        if (!first) this.out += ', ';
        first = false;
        if (part.name !== undefined) this.out += `${part.name}=`;
        if (part.key !== undefined) {
          this.value(part.key, depth + 1);
          this.out += ': ';
        }
        this.value(part.value, depth + 1);
      }
      this.path.delete(value);
      if (shape.cut || shape.more > 0) this.out += first ? '…' : ', …';
    }
    this.out += shape.close;
  }
}
