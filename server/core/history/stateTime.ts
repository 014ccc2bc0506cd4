import { STATES } from '../../shared/lanes';
import type { Columns } from './columns';

const FIRST_BUCKETS = 32;
const MOST_BUCKETS = 512;
const FIRST_WIDTH = 1e6;

/**
 * The time that one thread spent in each state over a whole run, in bounded memory: buckets of equal width, which doubles when the run outgrows them.
 * It survives the recycling of the journal's ring.
 */
export class StateTime {
  private width = FIRST_WIDTH;
  private buckets = FIRST_BUCKETS;
  private time = new Float32Array(FIRST_BUCKETS * STATES);
  private severities = new Uint8Array(FIRST_BUCKETS);
  /** The bucket of the last operation: the next one usually falls into it. */
  private recent = 0;
  private recentBegin: number;
  private recentEnd: number;

  /** @param begin monotonic ns at which the thread's process began; earlier times count there */
  constructor(readonly begin: number) {
    this.recentBegin = begin;
    this.recentEnd = begin + FIRST_WIDTH;
  }

  /**
   * Adds an ended operation.
   *
   * @param t0 monotonic ns of its beginning
   * @param t1 monotonic ns of its end
   * @param severity from 0 (it succeeded) to 3 (it raised an error)
   */
  add(state: number, t0: number, t1: number, severity: number): void {
    if (t0 >= this.recentBegin && t1 < this.recentEnd && t0 <= t1) {
      this.time[this.recent * STATES + state]! += t1 - t0;
      if (severity > (this.severities[this.recent] as number)) this.severities[this.recent] = severity;
      return;
    }
    this.addAcross(state, t0, t1, severity);
  }

  private addAcross(state: number, t0: number, t1: number, severity: number): void {
    const from = Math.max(0, t0 - this.begin);
    const to = Math.max(from, t1 - this.begin);
    while (to >= this.width * this.buckets) this.grow();
    const last = Math.floor(to / this.width);
    this.recent = last;
    this.recentBegin = this.begin + last * this.width;
    this.recentEnd = this.recentBegin + this.width;
    if ((this.severities[last] as number) < severity) this.severities[last] = severity;
    let bucket = Math.floor(from / this.width);
    if (bucket === last) {
      this.time[last * STATES + state]! += to - from;
      return;
    }
    for (let at = from; bucket <= last; bucket++) {
      const end = Math.min(to, (bucket + 1) * this.width);
      this.time[bucket * STATES + state]! += end - at;
      at = end;
    }
  }

  /**
   * Adds to `columns` the time in each state between `from` and `to`. A bucket that a column partly covers counts in proportion.
   *
   * @param from monotonic ns of the first column's left edge
   * @param to monotonic ns of the last column's right edge
   */
  into(columns: Columns, from: number, to: number): void {
    const first = Math.max(0, Math.floor((from - this.begin) / this.width));
    const end = Math.min(this.buckets, Math.ceil((to - this.begin) / this.width));
    for (let bucket = first; bucket < end; bucket++) {
      const at = this.begin + bucket * this.width;
      for (let state = 1; state < STATES; state++) {
        const time = this.time[bucket * STATES + state] as number;
        if (time > 0) columns.spread(state, at, at + this.width, time, from, to);
      }
      columns.mark(at + this.width / 2, this.severities[bucket] as number, from, to);
    }
  }

  private grow(): void {
    if (this.buckets < MOST_BUCKETS) {
      this.buckets *= 2;
      const time = new Float32Array(this.buckets * STATES);
      time.set(this.time);
      const severities = new Uint8Array(this.buckets);
      severities.set(this.severities);
      this.time = time;
      this.severities = severities;
      return;
    }
    const { time, severities } = this;
    for (let i = 0; i < MOST_BUCKETS; i++) {
      const [a, b] = [2 * i, 2 * i + 1];
      const inside = a < MOST_BUCKETS;
      severities[i] = inside ? Math.max(severities[a] as number, severities[b] as number) : 0;
      for (let state = 0; state < STATES; state++)
        time[i * STATES + state] = inside
          ? (time[a * STATES + state] as number) + (time[b * STATES + state] as number)
          : 0;
    }
    this.width *= 2;
  }
}
