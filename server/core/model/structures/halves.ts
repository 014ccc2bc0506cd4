import { NumberFifo } from './fifo';

/** What `shift` answers when nothing waits, and when the next one is known to have been and nothing more. */
export const NONE = -1;
export const LOST = -2;

/** Halves of messages that wait, in order, for the other half: ids, and in their place those whose events were lost. */
export class Halves {
  private readonly ids = new NumberFifo();
  /** After how many ids, counted from the first one ever, so many were lost. */
  private readonly gaps: { readonly after: number; count: number }[] = [];
  private taken = 0;

  push(id: number): void {
    this.ids.push(id);
  }
  pushLost(count: number): void {
    if (count <= 0) return;
    const after = this.taken + this.ids.length;
    const last = this.gaps.at(-1);
    if (last?.after === after) last.count += count;
    else this.gaps.push({ after, count });
  }

  /** The oldest one without taking it. */
  get first(): number {
    if (this.gaps[0]?.after === this.taken) return LOST;
    return this.ids.first;
  }
  shift(): number {
    if (this.gaps.length > 0 && this.gaps[0]?.after === this.taken) return this.shiftLost(this.gaps[0]);
    const id = this.ids.shift(); // NONE when empty
    if (id >= 0) this.taken++;
    return id;
  }
  private shiftLost(gap: { count: number }): number {
    if (--gap.count === 0) this.gaps.shift();
    return LOST;
  }
}
