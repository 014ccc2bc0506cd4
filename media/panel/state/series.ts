import type { DepthPoint } from '../../../server/protocol/views';

/** More points than a chart's pixels only cost time. */
const MOST = 1500;

/** A queue's depth over time for the chart: seconds, and depths. The history comes first, then live values. */
export class Series {
  readonly times: number[] = [];
  readonly depths: number[] = [];

  constructor(history: readonly DepthPoint[]) {
    for (const point of history) this.add(point.atMs, Math.max(point.max, point.last));
  }

  /** @param atMs ms since the session's start; never decreases */
  add(atMs: number, depth: number): void {
    const at = Math.max(atMs / 1000, this.times.at(-1) ?? 0);
    this.times.push(at);
    this.depths.push(depth);
    if (this.times.length > MOST) this.thin();
  }

  /** Merges every two points into the deeper one, so that peaks are kept. */
  private thin(): void {
    const count = Math.floor(this.times.length / 2);
    for (let i = 0; i < count; i++) {
      this.times[i] = this.times[2 * i + 1] as number;
      this.depths[i] = Math.max(this.depths[2 * i] as number, this.depths[2 * i + 1] as number);
    }
    this.times.length = count;
    this.depths.length = count;
  }
}
