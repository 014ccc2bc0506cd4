import { CONCURRENT_POOLS, OWN_POOLS } from '../../../protocol/libraries';
import type { PoolKind, PoolState } from '../../../protocol/views';
import { ActiveTime } from '../structures/activeTime';
import { Durations } from '../structures/durations';
import { Rate } from '../structures/history';
import { JobTable } from '../structures/jobTable';
import type { PoolWorker } from './poolWorker';
import type { Process } from './process';
import { Tracked } from './tracked';

/** A worker's current task. */
interface Task {
  readonly job: number;
  readonly index: number;
  /** Its function. */
  readonly name: string;
  /** Monotonic ns of its start. */
  readonly at: number;
  readonly process: Process;
  /** The pool set an error as its result: some pools do so when the worker is gone. */
  givenUp?: boolean;
  /** Where it was submitted; kept when it is given up. */
  line?: number;
}
/** A call that submitted one or more tasks. */
interface Job {
  readonly line: number;
  readonly at: number;
  left: number;
  errorCallback?: boolean;
}

/** Maximum number of unfinished calls remembered individually. */
const MAX_JOBS = 100_000;
const MAX_FAILED = 1000;
/** Maximum number of workers listed by name. */
const MAX_WORKERS = 100_000;

/** A pool's counters and its workers' current tasks. The individual tasks are in the model's TaskIndex (see apply/tasks.ts). */
export class Pool extends Tracked {
  declared = false;
  kind: PoolKind = 'Pool';
  name = '';
  /** It was not assigned to a variable: its name is a number. */
  isNumbered = false;
  line = 0;
  size = 0;
  /** From maxtasksperchild or max_tasks_per_child; 0: unlimited. */
  maxTasks = 0;
  /** If a worker dies, the pool sets an exception for the caller that waits for its task. */
  lostFails = false;
  /** The library that defines the pool, if it has terms of its own; otherwise ''. */
  library = '';
  process: Process | null = null;
  state: PoolState = 'open';
  /** When each began, monotonic ns. */
  private readonly listed = new Map<string, number>();
  private ordered: readonly string[] | null = [];
  submitted = 0;
  started = 0;
  completed = 0;
  failed = 0;
  /** Failed tasks that never reached a worker. */
  unsent = 0;
  /** Cancelled before a worker received them. */
  cancelled = 0;
  /** When terminate() dropped its tasks, monotonic ns. A pool that was closed before still counts as closed. */
  terminatedAt: number | null = null;
  /** Items of the ended tasks. */
  items = 0;
  readonly ran = new Durations();
  readonly waited = new Durations();
  readonly rate = new Rate();
  /** Maximum number of unfinished tasks at a time. */
  peak = 0;
  readonly table = new JobTable();
  /** By image, and by thread for a thread pool. */
  readonly byKey = new Map<string, PoolWorker>();
  /** Current task of each worker, by image and thread. */
  readonly tasks = new Map<string, Task>();
  readonly jobs = new Map<number, Job>();
  /** By job and index: outcomes of tasks whose submission is not known yet. */
  readonly early = new Map<string, { readonly outcome: number; readonly at: number }>();
  /** Tasks whose result an executor had not received when it broke, and the time of the break, monotonic ns. */
  readonly broken = new Map<number, number>();
  /** Failed jobs whose exception the program has not read. */
  readonly failures = new Map<number, { name: string; line: number; at: number }>();
  private readonly seen = new Set<number>();
  /** Last ended task of each worker. A second end of the same task replaces the first. */
  private readonly lastEnds = new Map<string, { task: string; failed: boolean }>();
  private readonly activeTime = new ActiveTime();

  constructor(
    readonly id: string,
    /** Index in the model's list. */
    readonly number: number,
  ) {
    super();
  }

  /** Whether it has the interface of multiprocessing's Pool: close, join, apply_async and results. */
  get isMultiprocessings(): boolean {
    return this.kind !== 'ProcessPoolExecutor' && !OWN_POOLS.includes(this.library);
  }
  /** Whether a worker runs several tasks at a time. */
  get isConcurrent(): boolean {
    return CONCURRENT_POOLS.includes(this.library);
  }
  submit(job: number, count: number, line: number, at: number): void {
    this.submitted += count;
    this.activeTime.submitted(at, this.unfinished);
    this.peak = Math.max(this.peak, this.submitted - this.finished);
    const known = this.jobs.get(job);
    if (known !== undefined) known.left += count;
    else if (this.jobs.size < MAX_JOBS) this.jobs.set(job, { line, at, left: count });
  }
  get finished(): number {
    return this.completed + this.failed + this.cancelled;
  }
  start(worker: string, task: Task): void {
    this.started++;
    this.tasks.set(worker, task);
  }
  /** @returns whether it is the first end of this task */
  ended(worker: string, job: number, index: number, failed: boolean, at: number): boolean {
    const task = `${job}/${index}`;
    const last = this.lastEnds.get(worker);
    const again = last?.task === task;
    if (again) {
      if (last.failed) this.failed--;
      else this.completed--;
    }
    if (failed) this.failed++;
    else this.completed++;
    this.lastEnds.set(worker, { task, failed });
    const submitted = this.jobs.get(job);
    const name = this.tasks.get(worker)?.name ?? '';
    if (
      failed &&
      submitted?.errorCallback !== true &&
      this.failures.size < MAX_FAILED &&
      !this.failures.has(job) &&
      !this.seen.has(job)
    )
      this.failures.set(job, { name, line: submitted?.line ?? 0, at: submitted?.at ?? 0 });
    if (submitted !== undefined && !again && --submitted.left <= 0) this.jobs.delete(job);
    this.tasks.delete(worker);
    this.rest(at);
    return !again;
  }
  /** The pool will pass an exception of this job to a callback of the program. */
  hasErrorCallback(job: number): void {
    const found = this.jobs.get(job);
    if (found !== undefined) found.errorCallback = true;
    this.failures.delete(job);
  }
  /** A task whose submission is not known yet failed. */
  failedEarly(job: number, index: number, how: { readonly outcome: number; readonly at: number }): void {
    if (this.early.size < MAX_JOBS) this.early.set(`${job}/${index}`, how);
  }
  takeEarly(job: number, index: number): { readonly outcome: number; readonly at: number } | undefined {
    const key = `${job}/${index}`;
    const found = this.early.get(key);
    this.early.delete(key);
    return found;
  }
  /** A task failed before any worker received it: it could not be sent. */
  notSent(job: number, at: number): void {
    this.failed++;
    this.unsent++;
    this.oneLess(job, at);
  }
  /** A task that a worker completed failed for the caller that waits for it. */
  tookBack(): void {
    this.completed--;
    this.failed++;
  }
  /** No worker will receive this task: its submitter cancelled it. */
  cancel(job: number, at: number): void {
    this.cancelled++;
    this.oneLess(job, at);
  }
  private oneLess(job: number, at: number): void {
    const submitted = this.jobs.get(job);
    if (submitted !== undefined && --submitted.left <= 0) this.jobs.delete(job);
    this.rest(at);
  }
  /** The pool set an error for a task that its worker has not ended. The worker keeps it as the task that it had when it died. */
  giveUp(job: number, index: number, at: number): void {
    for (const [worker, task] of [...this.tasks]) {
      if (task.job !== job || task.index !== index || task.givenUp === true) continue;
      task.givenUp = true;
      task.line = this.jobs.get(job)?.line ?? 0;
      this.ended(worker, job, index, true, at);
      this.tasks.set(worker, task);
    }
  }
  /** A worker did receive it: its journal was read later than the submitter's. */
  wasSent(job: number): void {
    this.failed--;
    this.unsent--;
    const submitted = this.jobs.get(job);
    if (submitted !== undefined) submitted.left++;
  }
  private get unfinished(): boolean {
    return this.terminatedAt === null && this.finished < this.submitted;
  }
  private rest(at: number): void {
    this.activeTime.ended(at, this.unfinished);
  }
  /** ns with unfinished tasks up to `now`. */
  active(now: number): number {
    return this.activeTime.total(now);
  }
  /** The program read the result of a failed job, or a callback received it. */
  resultSeen(job: number): void {
    if (!this.failures.delete(job) && this.seen.size < MAX_FAILED) this.seen.add(job);
  }
  changed(state: string, at: number): void {
    if (state === 'terminated') {
      this.terminatedAt = Math.min(at, this.terminatedAt ?? at);
      this.rest(at);
    }
    // A pool that was closed and joined ended normally, although leaving a `with` block terminates it once more.
    if (state === 'broken' || (state === 'closed' && this.state === 'open')) this.state = state;
    else if (state === 'terminated' && this.state === 'open') this.state = 'terminated';
  }
  /** @param at when it began, monotonic ns */
  addWorker(worker: string, at: number): void {
    if (this.listed.has(worker) || this.listed.size >= MAX_WORKERS) return;
    this.listed.set(worker, at);
    this.ordered = null;
  }
  /** In the order in which they began, whichever was read first. */
  get workers(): readonly string[] {
    this.ordered ??= [...this.listed].sort((a, b) => a[1] - b[1]).map(([worker]) => worker);
    return this.ordered;
  }
  /** The outcome of a task that no worker has received. */
  get fateOfWaiting(): 'waiting' | 'cancelled' | 'lost' {
    if (this.terminatedAt !== null) return 'cancelled';
    return this.state === 'broken' || this.process?.ended === true ? 'lost' : 'waiting';
  }
  /** The outcome of a task that a worker has. @param gone the worker has ended */
  fateOfRunning(gone: boolean): 'running' | 'lost' {
    // Threads of a pool finish the tasks that they have begun.
    return gone || (this.terminatedAt !== null && this.kind !== 'ThreadPool') ? 'lost' : 'running';
  }
}
