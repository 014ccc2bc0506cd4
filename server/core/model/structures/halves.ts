import { NumberFifo } from './fifo';

/** What `shift` returns if nothing waits, or if the next one's events were lost. */
export const NONE = -1;
export const LOST = -2;

/** Halves of messages that wait, in order, for the other half: ids, with counts where events were lost. */
export class Halves {
  private readonly ids = new NumberFifo();
  /** Number of lost ones after each position, counted in ids since the first. */
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

  /** The oldest one, without removing it. */
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
