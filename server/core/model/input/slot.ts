/** One current-operation slot of a journal: what a thread is in. Times are monotonic ns. */
export interface ThreadSlot {
  readonly op: number;
  readonly loc: number;
  readonly t0: number;
  readonly thread: number;
  readonly obj: number;
  /** Timeout in ns; -1: none; 0: does not wait. */
  readonly a: number;
  readonly b: number;
}
