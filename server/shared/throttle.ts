/** Work that is requested often and runs at a bounded rate. */
export class Throttle {
  private timer: ReturnType<typeof setTimeout> | null = null;
  private last = Number.NEGATIVE_INFINITY;

  /**
   * @param everyMs minimum interval between two runs
   * @param run false: it changed nothing, so the next run need not wait
   */
  constructor(
    private readonly everyMs: number,
    private readonly run: () => unknown,
  ) {}

  /** Runs within the interval: now if it has elapsed. */
  ask(): void {
    if (this.timer !== null) return;
    const wait = this.last + this.everyMs - performance.now();
    if (wait <= 0) this.go();
    else this.schedule(wait);
  }

  /** As `ask`, but never before the caller has returned. */
  askSoon(): void {
    if (this.timer === null) this.schedule(Math.max(0, this.last + this.everyMs - performance.now()));
  }

  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private schedule(wait: number): void {
    this.timer = setTimeout(() => {
      this.timer = null;
      this.go();
    }, wait);
    // In Node a timer that is left must not keep a process alive.
    if (typeof this.timer === 'object') this.timer.unref();
  }

  private go(): void {
    const before = this.last;
    this.last = performance.now();
    if (this.run() === false) this.last = before;
  }
}
