import { MIXED, RUNNING, SEVERITY_SHIFT, STATES } from '../../shared/lanes';

/** One stretch of equal columns of a lane: [first, end (excluded), state, flags]. */
export type Run = readonly [number, number, number, number];

/** The time that a thread spent in each state, in columns of one width: the data of a lane's picture. */
export class Columns {
  private readonly time: Float64Array;
  private readonly flags: Uint8Array;

  /**
   * @param from monotonic ns of the left edge
   * @param width ns of one column
   */
  constructor(
    readonly from: number,
    readonly width: number,
    readonly count: number,
  ) {
    this.time = new Float64Array(count * STATES);
    this.flags = new Uint8Array(count);
  }

  /** Right edge, monotonic ns. */
  get to(): number {
    return this.from + this.count * this.width;
  }

  /** A thread was in `state` from `t0` to `t1`. */
  span(state: number, t0: number, t1: number): void {
    this.spread(state, t0, t1, t1 - t0, this.from, this.to);
  }

  /** Distributes `time` ns in `state` over `t0` to `t1`; counts only the part between `from` and `to`. */
  spread(state: number, t0: number, t1: number, time: number, from: number, to: number): void {
    const begin = Math.max(t0, from, this.from);
    const end = Math.min(t1, to, this.to);
    if (end <= begin) return;
    const share = time / (t1 - t0);
    const last = Math.min(this.count - 1, Math.floor((end - this.from) / this.width));
    for (let column = Math.floor((begin - this.from) / this.width); column <= last; column++) {
      const left = this.from + column * this.width;
      const overlap = Math.min(end, left + this.width) - Math.max(begin, left);
      if (overlap > 0) this.time[column * STATES + state]! += overlap * share;
    }
  }

  /** Marks an event of this severity at `at`. */
  mark(at: number, severity: number, from = this.from, to = this.to): void {
    if (severity === 0 || at < from || at >= to) return;
    this.flag(at, at + 1, 0, severity);
  }

  /** Sets flags of the columns between `t0` and `t1`. */
  flag(t0: number, t1: number, bits: number, severity = 0): void {
    const first = Math.max(0, Math.floor((t0 - this.from) / this.width));
    const behind = Math.min(this.count, Math.ceil((t1 - this.from) / this.width));
    for (let column = first; column < behind; column++) {
      const old = this.flags[column] as number;
      const most = Math.max(old >> SEVERITY_SHIFT, severity);
      this.flags[column] = (old & ((1 << SEVERITY_SHIFT) - 1)) | bits | (most << SEVERITY_SHIFT);
    }
  }

  /**
   * Runs of neighbouring columns that look the same. Time in no state counts as running.
   *
   * @param t0 monotonic ns at which the thread began
   * @param t1 monotonic ns at which it ended, or now
   */
  runs(t0: number, t1: number): Run[] {
    const runs: Run[] = [];
    const first = Math.max(0, Math.floor((t0 - this.from) / this.width));
    const behind = Math.min(this.count, Math.ceil((t1 - this.from) / this.width));
    let begin = first;
    let state = -1;
    let flags = 0;
    for (let column = first; column < behind; column++) {
      const left = this.from + column * this.width;
      const alive = Math.min(t1, left + this.width) - Math.max(t0, left);
      const main = this.mainState(column, alive);
      const all = (this.flags[column] as number) | (this.isMixed(column, main, alive) ? MIXED : 0);
      if (main === state && all === flags) continue;
      if (state >= 0) runs.push([begin, column, state, flags]);
      begin = column;
      state = main;
      flags = all;
    }
    if (state >= 0) runs.push([begin, behind, state, flags]);
    return runs;
  }

  /** @param alive ns of the column in which the thread was alive */
  private mainState(column: number, alive: number): number {
    let most = this.running(column, alive);
    let main = RUNNING;
    for (let state = 1; state < STATES; state++) {
      const time = this.time[column * STATES + state] as number;
      if (time > most) {
        most = time;
        main = state;
      }
    }
    return main;
  }

  private isMixed(column: number, main: number, alive: number): boolean {
    const time = main === RUNNING ? this.running(column, alive) : (this.time[column * STATES + main] as number);
    return time < alive * 0.75;
  }

  private running(column: number, alive: number): number {
    let rest = alive;
    for (let state = 1; state < STATES; state++) rest -= this.time[column * STATES + state] as number;
    return Math.max(0, rest);
  }
}
