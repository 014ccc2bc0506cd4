/**
 * The engine as its faces (lsp/, dap/, cli/) see it. It knows neither editor nor protocol transport.
 */

import type { Report } from '../../protocol/report';
import type { ControlAction, TasksParams, TimelineParams } from '../../protocol/requests';
import type { MessagesResult, SessionDelta, TasksResult, UpdateParams } from '../../protocol/stream';
import type { Moment, TimelineResult } from '../../protocol/timeline';
import type {
  ChannelId,
  DepthPoint,
  MessageDetail,
  MessageFilter,
  ProcessId,
  SessionId,
  SourceLine,
  StopView,
  TaskDetail,
} from '../../protocol/views';
import type { Controlled } from '../os/signals';

/** What a launcher writes into session.json before the program starts. */
export interface SessionFile {
  readonly format: 'forkscope-session';
  readonly version: 1;
  readonly id: SessionId;
  readonly command: readonly string[];
  readonly cwd: string;
  readonly python: string;
  readonly platform: string;
  /** Wall clock, ms since the epoch. */
  readonly startedAt: number;
}

/** Written to session-end.json by the supervisor when the main process has ended. */
export interface SessionEndFile {
  readonly pid: number | null;
  readonly exitCode: number | null;
  /** "SIGKILL" */
  readonly signal: string | null;
  readonly endedAt: number;
}

/** A channel for the debugger. `keys`: the kernel's identities of its descriptors in all processes. */
export interface ChannelKeys {
  readonly id: ChannelId;
  readonly name: string;
  readonly keys: readonly string[];
}

/** `reason`: as Python said it, "ImportError: No module named 'typing'". */
export interface LineProblem {
  readonly pid: number;
  /** '' where it is not known yet. */
  readonly name: string;
  readonly reason: string;
}

/** Where a debugger paused a process. */
export interface PausedAt {
  readonly line: SourceLine | null;
  /** Absent: it is paused at a line, not at an operation. */
  readonly stop?: StopView;
}

export interface SessionHandle {
  readonly id: SessionId;
  readonly folder: string;
  /** Reads what the journals have now; resolves when all that was published before the call is in the model. */
  refresh(): Promise<void>;
  /** Everything, as a delta with `full: true`. */
  snapshot(): SessionDelta;
  messages(filter: MessageFilter, offset: number, limit: number): Promise<MessagesResult>;
  message(id: number): Promise<MessageDetail | null>;
  /** One page of the pools' tasks. */
  tasks(params: Omit<TasksParams, 'sessionId'>): TasksResult;
  task(id: number): TaskDetail | null;
  depthHistory(channelId: ChannelId, points: number): readonly DepthPoint[];
  /** What the timeline has in sight. */
  timeline(params: Omit<TimelineParams, 'sessionId'>): TimelineResult;
  /** What every process and channel was like at a moment, ms since the session's start. */
  moment(atMs: number): Moment;
  report(): Report;
  /** The channel that has this kernel identity (`dev:ino`). */
  channelOf(key: string): ChannelKeys | null;
  /** Descriptors of the channels of that name, as the views show it; of a pipe also the name of one end. */
  keysNamed(name: string): readonly string[];
  control(processId: ProcessId, action: ControlAction): Controlled;
  /** Processes that the line debugger could not attach to, with the reason, in the order of their reports. */
  readonly lineProblems: readonly LineProblem[];
  /** The debugger paused the living process of that pid at a line, or (null) resumed it. */
  pause(pid: number, at: PausedAt | null): void;
  /** Packs the session into one file, by the rules of the door for files (files/output.ts). */
  save(file: string): Promise<void>;
  /** True when the main process ended and no other process of the session lives. */
  readonly finished: boolean;
}

export interface Engine {
  readonly sessions: ReadonlyMap<SessionId, SessionHandle>;
  /** Starts tailing a folder that a launcher made, or opens a recording; throws an Error with a sentence for the user. */
  open(path: string): Promise<SessionHandle>;
  /** Stops tailing; deletes the folder when this engine unpacked it or `deleteFolder` is set. */
  close(id: SessionId, options?: { deleteFolder?: boolean }): Promise<void>;
  /** At most 20 times a second. Returns the function that stops it. */
  onUpdate(listener: (update: UpdateParams) => void): () => void;
  resync(): UpdateParams;
  /** From now on findings of these codes are left out, and those of other codes are not. */
  muteFindings(codes: readonly string[]): void;
  dispose(): Promise<void>;
}
