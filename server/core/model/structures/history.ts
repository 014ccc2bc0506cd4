import type { DepthPoint } from '../../../protocol/views';
import type { DepthColumn } from '../../../shared/packed';

const BUCKETS = 512;

/** A number over time in bounded memory: buckets of equal width, which doubles when the run outgrows them. */
export class History {
  private width = 10e6; // ns: initially 10 ms
  private readonly max = new Float64Array(BUCKETS).fill(-1);
  private readonly min = new Float64Array(BUCKETS);
  private readonly last = new Float64Array(BUCKETS);
  private begin = -1;

  /** @param at monotonic ns, roughly ascending */
  add(at: number, value: number): void {
    if (this.begin < 0) this.begin = at;
    let bucket = Math.floor((at - this.begin) / this.width);
    if (bucket < 0) bucket = 0;
    while (bucket >= BUCKETS) {
      this.halve();
      bucket = Math.floor((at - this.begin) / this.width);
    }
    if ((this.max[bucket] as number) < 0 || value < (this.min[bucket] as number)) this.min[bucket] = value;
    if (value > (this.max[bucket] as number)) this.max[bucket] = value;
    this.last[bucket] = value;
  }

  private halve(): void {
    for (let i = 0; i < BUCKETS; i++) {
      const a = 2 * i;
      const b = a + 1;
      if (a >= BUCKETS) {
        this.max[i] = -1;
        continue;
      }
      const maxA = this.max[a] as number;
      const maxB = this.max[b] as number;
      this.max[i] = Math.max(maxA, maxB);
      this.min[i] = Math.min(
        ...(maxA < 0 ? [] : [this.min[a] as number]),
        ...(maxB < 0 ? [] : [this.min[b] as number]),
      );
      this.last[i] = (maxB >= 0 ? this.last[b] : this.last[a]) as number;
    }
    this.width *= 2;
  }

  /**
   * The value at the left edge of a window, and its changes in the window at the stored resolution.
   *
   * @param window its left edge in monotonic ns, ns per column, and the number of columns
   */
  columns(window: { readonly from: number; readonly width: number; readonly count: number }): {
    readonly before: number;
    readonly columns: DepthColumn[];
  } {
    let before = 0;
    const columns: { column: number; least: number; most: number; last: number }[] = [];
    for (let i = 0; i < BUCKETS; i++) {
      const most = this.max[i] as number;
      if (most < 0) continue;
      const [least, last] = [this.min[i] as number, this.last[i] as number];
      const column = Math.floor((this.begin + (i + 1) * this.width - window.from) / window.width);
      if (column >= window.count) break;
      const open = columns.at(-1);
      if (column < 0) before = last;
      else if (open?.column === column)
        Object.assign(open, { least: Math.min(open.least, least), most: Math.max(open.most, most), last });
      else columns.push({ column, least, most, last });
    }
    return { before, columns };
  }

  /** At most `points` points, oldest first. Times are in ms since `origin` (monotonic ns). */
  points(points: number, origin: number): DepthPoint[] {
    const all: DepthPoint[] = [];
    for (let i = 0; i < BUCKETS; i++) {
      const max = this.max[i] as number;
      if (max >= 0)
        all.push({ atMs: (this.begin + (i + 1) * this.width - origin) / 1e6, max, last: this.last[i] as number });
    }
    const step = Math.ceil(all.length / Math.max(1, points));
    if (step <= 1) return all;
    const fewer: DepthPoint[] = [];
    for (let i = 0; i < all.length; i += step) {
      const group = all.slice(i, i + step);
      const end = group[group.length - 1] as DepthPoint;
      fewer.push({ atMs: end.atMs, max: Math.max(...group.map((each) => each.max)), last: end.last });
    }
    return fewer;
  }
}

/** Events per second, from the counts of the current and the previous second. */
export class Rate {
  private second = -1;
  private current = 0;
  private previous = 0;

  add(at: number): void {
    this.roll(Math.floor(at / 1e9));
    this.current++;
  }
  /** @param now monotonic ns; null: the session has ended and nothing more happens */
  perSecond(now: number | null): number {
    if (now === null) return 0;
    this.roll(Math.floor(now / 1e9));
    const fraction = (now % 1e9) / 1e9;
    return Math.round(this.previous * (1 - fraction) + this.current);
  }
  private roll(second: number): void {
    if (second <= this.second) return;
    this.previous = second === this.second + 1 ? this.current : 0;
    this.current = 0;
    this.second = second;
  }
}
