import type { Image } from './process';

/** One worker of a pool: a process, or a thread of a thread pool. Times are monotonic ns. */
export class PoolWorker {
  done = 0;
  failed = 0;
  busyNs = 0;
  /** What it has now; -1: nothing. */
  task = -1;
  /** Since when. */
  since = 0;
  /** A task whose result is about to be sent. */
  awaiting = -1;
  /** The last message that it took from the pool's inner queue. */
  received = -1;

  constructor(
    /** In the model's list. */
    readonly number: number,
    readonly image: Image,
    /** 0 for a process, which has one worker. */
    readonly thread: number,
    readonly label: string,
  ) {}

  /** As in `PoolStatus.workers`. */
  get id(): string {
    return this.thread === 0 ? this.image.process.id : this.name;
  }
  get name(): string {
    if (this.thread === 0) return this.image.process.name || this.label;
    return this.label || this.image.threads.get(this.thread)?.name || `${this.thread}`;
  }
  get ended(): boolean {
    const { process } = this.image;
    return process.ended || (this.thread !== 0 && this.image.threads.get(this.thread)?.ended === true);
  }
}
