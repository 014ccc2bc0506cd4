/** Processes. */
import type { DarkReason } from '../dark';
import type { OWN_START_METHODS } from '../libraries';
import type { ProcessId, SourceLine } from './common';
import type { StopView } from './interventions';
import type { Wait } from './waits';

export type ProcessOrigin =
  | 'main'
  | 'fork'
  | 'process'
  | 'pool-worker'
  | 'executor-worker'
  | 'forkserver'
  | 'resource-tracker'
  | 'manager'
  | 'subprocess';

/** Those of libraries start a fresh interpreter, too. */
export type StartMethod = 'fork' | 'spawn' | 'forkserver' | (typeof OWN_START_METHODS)[number];

export interface ProcessMeta {
  readonly id: ProcessId;
  readonly pid: number;
  readonly parentId: ProcessId | null;
  readonly name: string;
  readonly origin: ProcessOrigin;
  /** null for processes that multiprocessing did not start. */
  readonly startMethod: StartMethod | null;
  readonly argv: readonly string[];
  /** Version such as "3.11.7"; null for a program that is not Python or was never seen from inside. */
  readonly python: string | null;
  /** Why nothing is recorded inside it, although it is Python; absent: it is recorded, or may still be. */
  readonly dark?: DarkReason;
  readonly startedAtMs: number;
  /** Where it was started. */
  readonly line: SourceLine | null;
  readonly daemon: boolean;
  /** Qualified name of the target function, where there is one. */
  readonly target: string | null;
}

/** running: alive, not blocked as far as we know. waiting: blocked in an operation. lost: gone, nobody saw how. */
export type ProcessState = 'running' | 'waiting' | 'paused' | 'exited' | 'killed' | 'lost';

export interface ProcessStatus {
  readonly id: ProcessId;
  readonly state: ProcessState;
  /** Where a debugger holds it; null: at no known line. Absent: it is not held. */
  readonly pausedAt?: SourceLine | null;
  /** Where a debugger holds it at an operation; absent: at a line, or not at all. */
  readonly stop?: StopView;
  /** The main thread's wait first; empty when nothing waits. */
  readonly waits: readonly Wait[];
  readonly endedAtMs: number | null;
  readonly exitCode: number | null;
  /** "SIGKILL"; null when it did not die of a signal. */
  readonly signal: string | null;
  /** It ended because it was asked to: by its parent, with its parent as a daemon, by Ctrl-C, or from here. Its status is no failure. */
  readonly asked?: true;
  /** Where it last touched IPC. */
  readonly lastLine: SourceLine | null;
  /** Seconds of CPU time and bytes of resident memory; null where the platform does not tell or it is gone. */
  readonly cpuSeconds: number | null;
  readonly memoryBytes: number | null;
}
