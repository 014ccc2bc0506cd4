/** Steps per doubling: a quantile is accurate to 1.1 %. */
const STEPS = 32;
const OCTAVES = 60;

/** Durations, ns, in fixed memory: counts on a logarithmic scale. */
export class Durations {
  private readonly counts = new Uint32Array(STEPS * OCTAVES);
  count = 0;
  total = 0;
  private least = Number.POSITIVE_INFINITY;
  private most = 0;

  add(ns: number): void {
    const value = Math.max(1, ns);
    const at = Math.min(this.counts.length - 1, Math.floor(Math.log2(value) * STEPS));
    this.counts[at] = (this.counts[at] as number) + 1;
    this.count++;
    this.total += value;
    this.least = Math.min(this.least, value);
    this.most = Math.max(this.most, value);
  }

  /** @param share 0.5 for the median. Null if nothing was added */
  quantile(share: number): number | null {
    if (this.count === 0) return null;
    let left = Math.max(1, Math.ceil(share * this.count));
    for (let at = 0; at < this.counts.length; at++) {
      left -= this.counts[at] as number;
      if (left <= 0) return Math.min(this.most, Math.max(this.least, 2 ** ((at + 0.5) / STEPS)));
    }
    return this.most;
  }
}
