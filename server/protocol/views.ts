/**
 * What the screens show: the shapes that the server derives from the journals and streams to every face.
 * Metadata (…Meta) of a thing is sent once; its state (…State) whenever it changed.
 * Times ending in `Ms` are milliseconds since the session's start unless a comment says otherwise.
 * Ids are opaque strings, stable for the life of a session and across a rebuild from the same journals.
 */

import type { Call } from './calls';
import type { DarkReason } from './dark';
import type { Caption, FindingFacts } from './findingParams';
import type { OWN_START_METHODS } from './libraries';

export type SessionId = string;
export type ProcessId = string;
export type ChannelId = string;
export type PoolId = string;

/** A place in the user's code. `line` counts from 1; `function` is the qualified name where Python has one. */
export interface SourceLine {
  readonly file: string;
  readonly line: number;
  readonly function: string;
}

export type SessionState = 'starting' | 'running' | 'ended';

export interface SessionMeta {
  readonly id: SessionId;
  /** What the user calls it: the script's file name or the module's name. */
  readonly name: string;
  readonly command: readonly string[];
  readonly cwd: string;
  readonly python: string;
  readonly platform: string;
  /** ISO 8601, wall clock. */
  readonly startedAt: string;
  /** True for one that was opened from a recording or a left-behind folder. */
  readonly recorded: boolean;
  /** The folder or recording file it is read from. */
  readonly source: string;
}

interface SessionCounts {
  readonly processes: number;
  readonly alive: number;
  readonly messages: number;
  readonly matched: number;
  readonly events: number;
  /** Events and records that found no room or were recycled before they were read. */
  readonly dropped: number;
}

export interface SessionStatus {
  readonly state: SessionState;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly durationMs: number;
  readonly counts: SessionCounts;
  /** Sentences for the user about what recording could not do (disk full, unreadable journal, …). */
  readonly warnings: readonly string[];
}

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

/** What a thread of the process is blocked in. */
export interface Wait extends Call {
  readonly channelId: ChannelId | null;
  readonly processId: ProcessId | null;
  readonly sinceMs: number;
  /** null: it may last forever. */
  readonly timeoutMs: number | null;
  readonly line: SourceLine | null;
  readonly thread: string;
  /** It may last forever: no timeout. Loops of polls and calls with a timeout are not. */
  readonly real?: boolean;
  /** Who could end it, any one of them; absent when nobody knows. Empty: nobody can. */
  readonly blockers?: readonly Blocker[];
  /** How many others could end it who are not in `blockers`; absent: none. Those who live come first. */
  readonly moreBlockers?: number;
}

/** A process that could end a wait, and how: "has the writing end open", "holds the lock". */
export interface Blocker {
  readonly processId: ProcessId;
  readonly why: string;
  /** It has ended: it will not. */
  readonly dead: boolean;
}

/** One wait of a process for another one. */
export interface WaitEdge extends Call {
  readonly from: ProcessId;
  readonly to: ProcessId;
  readonly channelId: ChannelId | null;
  readonly sinceMs: number;
  readonly line: SourceLine | null;
  readonly thread: string;
  readonly real: boolean;
  readonly why: string;
  /** How many others could end this wait to whom there is no edge; absent: none. */
  readonly others?: number;
}

/** Everything that waits for another process now. */
export interface WaitGraph {
  readonly nodes: readonly { readonly processId: ProcessId; readonly dead: boolean; readonly stuck: boolean }[];
  readonly edges: readonly WaitEdge[];
  /** Groups of processes that wait for each other: a process alone is one that waits for itself. */
  readonly cycles: readonly (readonly ProcessId[])[];
  /** Waits for which there was no room; absent: none. */
  readonly leftOut?: number;
}

export const FINDING_CODES = [
  'join-before-drain',
  'no-main-guard',
  'fork-with-threads',
  'pool-worker-died',
  'dead-lock-owner',
  'unpicklable',
  'pool-not-closed',
  'eof-never',
  'lost-exception',
  'deadlock',
  'both-send',
  'stuck-get',
  'zombie',
  'orphan',
  'pipe-shared-writer',
  'qsize-unreliable',
  'slow-consumer',
  'big-payload',
] as const;
export type FindingCode = (typeof FINDING_CODES)[number];
export type Severity = 'error' | 'warning' | 'info';

/** A line that shows a finding, and what happens there. */
export interface FindingLine {
  readonly line: SourceLine;
  /** A text as it stands in a recording of an earlier version. */
  readonly caption: Caption | string;
  readonly processId: ProcessId | null;
}

/** Sentences of a finding as they stand in a recording of an earlier version. */
export interface WrittenFinding {
  readonly code: FindingCode;
  readonly params?: never;
  /** One specific sentence. */
  readonly message: string;
  /** What to do about it. */
  readonly advice: string;
}

/** Something that is wrong with the program, found while it runs or after its end. `findingText` makes its sentences. */
export type Finding = (FindingFacts | WrittenFinding) & {
  /** The same as long as it is the same finding. */
  readonly id: string;
  readonly severity: Severity;
  readonly processes: readonly ProcessId[];
  readonly channels: readonly ChannelId[];
  /** The first one is where it is shown. */
  readonly lines: readonly FindingLine[];
  readonly sinceMs: number;
  /** It was so until processes in it ended. */
  readonly over: boolean;
};

/** What happens to the message of a stop when its process goes on. */
export type DeveloperIntent = 'replace' | 'drop' | 'duplicate' | 'delay';

/** Something that whoever debugs did to a message. */
export interface DeveloperAction {
  readonly processId: ProcessId;
  readonly channelId: ChannelId | null;
  readonly action: DeveloperIntent;
  /** put, send, get, recv */
  readonly operation: string;
  readonly atMs: number;
  readonly line: SourceLine | null;
  /** Of a delay; else 0. */
  readonly seconds: number;
}

/** An operation at which a debugger holds a process. */
export interface StopView {
  /** "Paused on put of tasks" */
  readonly text: string;
  /** put, send, get, recv, start, … */
  readonly operation: string;
  /** before: it has not happened yet; after: the message is here. */
  readonly phase: 'before' | 'after';
  readonly channelId: ChannelId | null;
  /** Short text of the message; null: there is none. */
  readonly message: string | null;
  readonly bytes: number | null;
  readonly intents: readonly DeveloperIntent[];
}

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

export type ChannelKind = 'Queue' | 'JoinableQueue' | 'SimpleQueue' | 'Pipe' | 'Connection';
export type Owner = 'user' | 'library';

export interface ChannelMeta {
  readonly id: ChannelId;
  readonly kind: ChannelKind;
  readonly name: string;
  readonly line: SourceLine | null;
  /** library: inner channel of a pool, an executor or a manager; hidden unless asked for. */
  readonly owner: Owner;
  /** 0: unbounded or not applicable. */
  readonly capacity: number;
  readonly duplex: boolean;
  readonly createdBy: ProcessId | null;
}

export interface Outcomes {
  readonly Full: number;
  readonly Empty: number;
  readonly EOFError: number;
  readonly BrokenPipeError: number;
  readonly timeout: number;
  /** Messages that were taken off the pipe, and whose call raised before it returned them: they could not be unpickled. Absent: none. */
  readonly unread?: number;
}

export type EndpointMode = 'r' | 'w' | 'rw';

export interface Endpoint {
  readonly processId: ProcessId;
  readonly mode: EndpointMode;
  readonly open: boolean;
  /** What this process did with it. */
  readonly sends: number;
  readonly receives: number;
  /** "a"/"b" side of a pipe by the user's variable name where known. */
  readonly name: string;
}

export interface ChannelStatus {
  readonly id: ChannelId;
  readonly puts: number;
  readonly gets: number;
  readonly sends: number;
  readonly receives: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Put but not yet got; the sum of the next two. */
  readonly depth: number;
  /** Waiting in the putters' feeder buffers. */
  readonly depthFeeder: number;
  /** In the pipe. */
  readonly depthPipe: number;
  readonly depthMax: number;
  /** Messages per second over the last second, sends. */
  readonly rate: number;
  readonly outcomes: Outcomes;
  readonly endpoints: readonly Endpoint[];
  /** Set for a connection of which one end is recorded and the other is not known: who receives what it sends is not known either. */
  readonly otherEnd?: 'unknown';
  /** task_done calls, and items put but not yet marked done (JoinableQueue only; else 0). */
  readonly tasksDone: number;
  readonly unfinished: number;
}

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
  /** How well the pool is used, for the user: "4 workers, 1.2 busy on average: tasks of 40 µs each; use a chunksize of about 500". */
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

/** One message of the list. Its id is its number in the session, in order of sending, from 0. */
export interface MessageRow {
  readonly id: number;
  readonly channelId: ChannelId;
  readonly from: ProcessId;
  /** null: not received (yet), or nobody knows by whom: see `ChannelStatus.otherEnd`. */
  readonly to: ProcessId | null;
  readonly sentAtMs: number;
  readonly receivedAtMs: number | null;
  readonly bytes: number;
  /** A short Python-literal-like text of the payload, made without running anything of it. */
  readonly payload: string;
  /** What whoever debugs did to it; absent: nothing. */
  readonly developer?: readonly DeveloperIntent[];
}

/** A node of a payload's display tree. */
export interface PayloadNode {
  /** Python type name: "dict", "int", "mypkg.Job", "…" for what was not recorded. */
  readonly type: string;
  /** Key, index or attribute name in its parent; "" for the root. */
  readonly name: string;
  /** Short text of the value. */
  readonly text: string;
  readonly children?: readonly PayloadNode[];
}

export interface MessageDetail extends MessageRow {
  readonly sendLine: SourceLine | null;
  readonly receiveLine: SourceLine | null;
  /** When the user's put returned; null where it is the same as the send (pipes, SimpleQueue). */
  readonly putAtMs: number | null;
  readonly tree: PayloadNode;
  /** Bytes of the payload that were recorded; less than `bytes` when only its head was. */
  readonly recordedBytes: number;
  readonly hex: string;
  /** pickle: decoded as data; raw: bytes sent with send_bytes; gone: recycled before it was asked for. */
  readonly encoding: 'pickle' | 'raw' | 'gone';
  readonly sendThread: string;
  readonly receiveThread: string | null;
}

export interface MessageFilter {
  readonly channelId?: ChannelId;
  /** Either side. */
  readonly processId?: ProcessId;
  /** Case-insensitive, in the payload preview. */
  readonly text?: string;
  /** Include the inner channels of pools, executors and managers. */
  readonly library?: boolean;
}

export interface DepthPoint {
  readonly atMs: number;
  /** Largest and last depth in the interval that ends here. */
  readonly max: number;
  readonly last: number;
}
