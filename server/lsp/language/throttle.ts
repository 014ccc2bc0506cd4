/** Work that is asked for often and done at most so often. */
export class Throttle {
  private timer: NodeJS.Timeout | null = null;
  private last = Number.NEGATIVE_INFINITY;

  /** @param everyMs at least so long between two runs */
  constructor(
    private readonly everyMs: number,
    private readonly run: () => void,
  ) {}

  /** Runs soon: at once when the last time is long ago. */
  ask(): void {
    if (this.timer !== null) return;
    const wait = Math.max(0, this.last + this.everyMs - performance.now());
    this.timer = setTimeout(() => {
      this.timer = null;
      this.last = performance.now();
      this.run();
    }, wait);
    this.timer.unref();
  }

  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}
