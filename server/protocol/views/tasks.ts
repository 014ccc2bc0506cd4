/** The list of tasks. */
import type { PoolId, SourceLine } from './common';
import type { PayloadNode } from './messages';

/** cancelled, lost: see PoolStatus. */
export const TASK_STATES = ['waiting', 'running', 'done', 'failed', 'cancelled', 'lost'] as const;

export type TaskState = (typeof TASK_STATES)[number];

/** call: one call of a function; chunk: several items of a `map` that travel together. */
type TaskKind = 'call' | 'chunk';

/** One task of the list. Its id is its number in the session, in order of submission, from 0. */
export interface TaskRow {
  readonly id: number;
  readonly poolId: PoolId;
  readonly job: number;
  readonly index: number;
  readonly kind: TaskKind;
  /** Items of a chunk; 1 for a call; 0: not known. */
  readonly items: number;
  readonly function: string;
  /** Short texts, made from the bytes that crossed the pipe without running anything; '' where there are none. */
  readonly arguments: string;
  /** Result, or exception. */
  readonly result: string;
  readonly state: TaskState;
  /** As in `WorkerState`; null: no worker has it. */
  readonly workerId: string | null;
  readonly worker: string | null;
  readonly submittedAtMs: number;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  /** Until it started, and from there to its end; of what goes on: up to now. null: it never ran. */
  readonly waitedMs: number | null;
  readonly ranMs: number | null;
  readonly submitLine: SourceLine | null;
  /** Where its function is defined, as the worker saw it. */
  readonly functionLine: SourceLine | null;
}

export interface TaskDetail extends TaskRow {
  /** null: not recorded. */
  readonly argumentsTree: PayloadNode | null;
  readonly resultTree: PayloadNode | null;
  /** Of a failed task: its type and text ("ValueError('seven')"), and its worker's traceback as far as it was recorded. */
  readonly exception: string | null;
  readonly traceback: string | null;
  /** Ids of the messages that carried them. */
  readonly taskMessage: number | null;
  readonly resultMessage: number | null;
}

export interface TaskFilter {
  readonly poolId?: PoolId;
  readonly state?: TaskState;
  /** `WorkerState.id`. */
  readonly workerId?: string;
  readonly function?: string;
  /** Case-insensitive, in function, arguments and result. */
  readonly text?: string;
}

export const TASK_ORDERS = ['submitted', 'waited', 'ran', 'ended', 'function', 'worker', 'state'] as const;

export type TaskOrder = (typeof TASK_ORDERS)[number];
