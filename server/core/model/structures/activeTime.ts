/**
 * Time in which a pool has unfinished tasks. Submissions and ends come from different journals, so an end may be applied before its submission, and
 * an interval after a later one. No time is counted twice or without an end.
 */
export class ActiveTime {
  private counted = 0;
  private countedUntil = -1;
  private since = -1;
  private lastEnd = -1;

  /** Tasks were submitted. @param unfinished whether any are left, as far as is known */
  submitted(at: number, unfinished: boolean): void {
    if (this.since < 0) this.since = at;
    if (!unfinished) this.close();
  }

  /** A task ended, or the pool did. */
  ended(at: number, unfinished: boolean): void {
    this.lastEnd = Math.max(this.lastEnd, at);
    if (!unfinished) this.close();
  }

  /** ns up to `now`. */
  total(now: number): number {
    return this.counted + (this.since < 0 ? 0 : Math.max(0, now - Math.max(this.since, this.countedUntil)));
  }

  private close(): void {
    if (this.since < 0) return;
    this.counted += Math.max(0, this.lastEnd - Math.max(this.since, this.countedUntil));
    this.countedUntil = Math.max(this.countedUntil, this.lastEnd);
    this.since = -1;
  }
}
