/** Pools and their workers. */
import type { PoolId, ProcessId, SourceLine } from './common';

export type PoolKind = 'Pool' | 'ThreadPool' | 'ProcessPoolExecutor';

export type PoolState = 'open' | 'closed' | 'terminated' | 'broken';

export interface PoolMeta {
  readonly id: PoolId;
  readonly kind: PoolKind;
  readonly name: string;
  readonly line: SourceLine | null;
  readonly processId: ProcessId | null;
  readonly size: number;
}

export interface PoolStatus {
  readonly id: PoolId;
  readonly state: PoolState;
  /** Process ids; for a ThreadPool the names of its threads. */
  readonly workers: readonly string[];
  readonly submitted: number;
  readonly started: number;
  readonly completed: number;
  readonly failed: number;
  /** Cancelled before a worker had them, or dropped by terminate(). */
  readonly cancelled: number;
  /** Nobody gets a result: their worker ended while it ran them, or their pool's process before a worker had them. */
  readonly lost: number;
  readonly pending: number;
  readonly running: number;
  /** What it is doing and how well it is used. */
  readonly activity?: PoolActivity;
}

export interface PoolActivity {
  /** Workers alive now, with and without a task. */
  readonly busy: number;
  readonly idle: number;
  /** Tasks that ended in the last second. */
  readonly ratePerSecond: number;
  /** Of the tasks' running times, and of their waits for a worker; null before the first one. Right to 1.1 %. */
  readonly medianMs: number | null;
  readonly p95Ms: number | null;
  readonly medianWaitMs: number | null;
  /** Busy workers on average over the time in which there were unfinished tasks. */
  readonly averageBusy: number | null;
  /** Workers that took the place of others (maxtasksperchild, or a death). */
  readonly restarts: number;
  readonly maxTasksPerWorker: number | null;
  /** Items of the tasks that ended: a chunk has several. */
  readonly items: number;
  /** One that would use the workers better; null when nothing is wrong with this one. */
  readonly chunksize: number | null;
  /** How well the pool is used, for the user: "4 workers, average 1.2 busy. Tasks take 40 µs. Use a chunksize of about 500.". */
  readonly sentence: string;
  /** Those alive, then the latest of those that ended. */
  readonly workers: readonly WorkerState[];
  /** Ended workers that are not listed. */
  readonly moreWorkers: number;
}

export interface WorkerState {
  /** As in `PoolStatus.workers`. */
  readonly id: string;
  readonly name: string;
  readonly processId: ProcessId;
  /** lost: it ended while it had a task. */
  readonly state: 'idle' | 'busy' | 'ended' | 'lost';
  /** Tasks that it ended, well and not. */
  readonly done: number;
  readonly failed: number;
  readonly busyMs: number;
  readonly current: CurrentTask | null;
}

/** What a worker runs now. */
interface CurrentTask {
  readonly taskId: number;
  readonly function: string;
  /** From the bytes that it was sent as; '' where there are none (threads). */
  readonly arguments: string;
  readonly sinceMs: number;
  /** Where it was handed over, and where its function is defined. */
  readonly line: SourceLine | null;
  readonly functionLine: SourceLine | null;
}
