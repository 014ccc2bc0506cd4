import type { PoolKind, PoolMeta, PoolState, PoolStatus } from '../protocol/views';
import type { Locations } from './locations';
import type { Process } from './processes';

/** A task that a worker has. */
export interface Task {
  readonly job: number;
  readonly index: number;
  /** Its function. */
  readonly name: string;
  /** Monotonic ns of its start. */
  readonly at: number;
  readonly process: Process;
}
/** A call that handed over one or more tasks. */
export interface Job {
  readonly line: number;
  readonly at: number;
  left: number;
}

/** So many unfinished calls are remembered one by one. */
const MAX_JOBS = 100_000;
const MAX_FAILED = 1000;

export class Pool {
  declared = false;
  kind: PoolKind = 'Pool';
  name = '';
  line = 0;
  size = 0;
  process: Process | null = null;
  state: PoolState = 'open';
  readonly workers: string[] = [];
  submitted = 0;
  started = 0;
  completed = 0;
  failed = 0;
  /** What each worker has now, by image and thread. */
  readonly tasks = new Map<string, Task>();
  readonly jobs = new Map<number, Job>();
  /** Jobs that failed and whose exception nobody has seen. */
  readonly failures = new Map<number, { name: string; line: number; at: number }>();
  private readonly seen = new Set<number>();
  /** Last task that each worker ended: a second end of it replaces the first. */
  private readonly lastEnds = new Map<string, { task: string; failed: boolean }>();

  constructor(readonly id: string) {}

  submit(job: number, count: number, line: number, at: number): void {
    this.submitted += count;
    const known = this.jobs.get(job);
    if (known !== undefined) known.left += count;
    else if (this.jobs.size < MAX_JOBS) this.jobs.set(job, { line, at, left: count });
  }
  start(worker: string, task: Task): void {
    this.started++;
    this.tasks.set(worker, task);
  }
  ended(worker: string, job: number, index: number, failed: boolean): void {
    const task = `${job}/${index}`;
    const last = this.lastEnds.get(worker);
    if (last?.task === task) {
      if (last.failed) this.failed--;
      else this.completed--;
    }
    if (failed) this.failed++;
    else this.completed++;
    this.lastEnds.set(worker, { task, failed });
    const submitted = this.jobs.get(job);
    const name = this.tasks.get(worker)?.name ?? '';
    if (failed && this.failures.size < MAX_FAILED && !this.failures.has(job) && !this.seen.has(job))
      this.failures.set(job, { name, line: submitted?.line ?? 0, at: submitted?.at ?? 0 });
    if (submitted !== undefined && last?.task !== task && --submitted.left <= 0) this.jobs.delete(job);
    this.tasks.delete(worker);
  }
  /** Somebody asked for the result of a job that failed, or was called back with it. */
  resultSeen(job: number): void {
    if (!this.failures.delete(job) && this.seen.size < MAX_FAILED) this.seen.add(job);
  }
  changed(state: string): void {
    // What was closed and joined has ended well, though leaving a `with` block terminates it once more.
    if (state === 'broken' || (state === 'closed' && this.state === 'open')) this.state = state;
    else if (state === 'terminated' && this.state === 'open') this.state = 'terminated';
  }
  addWorker(worker: string): void {
    if (!this.workers.includes(worker)) this.workers.push(worker);
  }
  meta(locations: Locations): PoolMeta {
    return {
      id: this.id,
      kind: this.kind,
      name: this.name,
      line: locations.line(this.line),
      processId: this.process?.id ?? null,
      size: this.size,
    };
  }
  status(): PoolStatus {
    const ended = this.completed + this.failed;
    return {
      id: this.id,
      state: this.state,
      workers: [...this.workers],
      submitted: this.submitted,
      started: this.started,
      completed: this.completed,
      failed: this.failed,
      pending: Math.max(0, this.submitted - this.started),
      running: Math.max(0, this.started - ended),
    };
  }
}
