import type { Image } from './process';

/** One worker of a pool: a process, or a thread of a thread pool. Times are monotonic ns. */
export class PoolWorker {
  done = 0;
  failed = 0;
  busyNs = 0;
  /** Its current task; -1: none. */
  task = -1;
  /** Start of the current busy period. */
  since = 0;
  /** Its other tasks beside `task`, if it runs several concurrently. */
  private readonly beside = new Set<number>();
  /** A task whose result is about to be sent. */
  awaiting = -1;
  /** The last message received from the pool's internal task queue. */
  received = -1;

  constructor(
    /** Index in the model's list. */
    readonly number: number,
    readonly image: Image,
    /** 0 for a process, which has one worker. */
    readonly thread: number,
    readonly label: string,
  ) {}

  /** It received a task. @param concurrent it continues its other tasks */
  begin(task: number, at: number, concurrent: boolean): void {
    if (concurrent && this.task >= 0) this.beside.add(this.task);
    else this.since = at;
    this.task = task;
  }
  has(task: number): boolean {
    return (this.task === task && task >= 0) || this.beside.has(task);
  }
  /** One of its tasks ended. @returns whether the worker had it */
  finish(task: number, at: number): boolean {
    if (this.beside.delete(task)) return true;
    const had = this.has(task);
    const [next = -1] = this.beside;
    if (next >= 0) {
      this.beside.delete(next);
      this.task = next;
      return had;
    }
    if (had) this.busyNs += Math.max(0, at - this.since);
    this.task = -1;
    return had;
  }
  /** The id used in `PoolStatus.workers`. */
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
