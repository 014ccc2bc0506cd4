/**
 * The language server's own notifications, beside the standard ones, and what they and the answers to its requests (requests.ts) contain.
 * Every method says its direction and its purpose. Shapes are plain JSON.
 */
import { NotificationType, NotificationType0 } from 'vscode-jsonrpc';
import type {
  ChannelMeta,
  ChannelStatus,
  DeveloperAction,
  Finding,
  MessageRow,
  PoolMeta,
  PoolStatus,
  ProcessMeta,
  ProcessStatus,
  SessionId,
  SessionMeta,
  SessionStatus,
  TaskRow,
  WaitGraph,
} from './views';

export const STREAM_VERSION = 1;

/** What changed in one session since the previous update. Absent lists mean "nothing". */
export interface SessionDelta {
  readonly id: SessionId;
  /** True: forget what you knew of this session, this is everything (first update, or after a restart of the server). */
  readonly full: boolean;
  readonly meta?: SessionMeta;
  readonly status?: SessionStatus;
  readonly processes?: readonly ProcessMeta[];
  readonly processStatus?: readonly ProcessStatus[];
  readonly channels?: readonly ChannelMeta[];
  readonly channelStatus?: readonly ChannelStatus[];
  readonly pools?: readonly PoolMeta[];
  readonly poolStatus?: readonly PoolStatus[];
  /** All findings there are now, the worst first: replaces what was known. */
  readonly findings?: readonly Finding[];
  /** Who waits for whom now: replaces what was known. */
  readonly waitGraph?: WaitGraph;
  /** What whoever debugs did to messages, oldest first: replaces what was known. */
  readonly developer?: readonly DeveloperAction[];
}

export interface UpdateParams {
  readonly version: typeof STREAM_VERSION;
  readonly sessions: readonly SessionDelta[];
  /** Sessions that were closed. */
  readonly closed: readonly SessionId[];
}

export interface MessagesResult {
  readonly rows: readonly MessageRow[];
  /** Where in the filtered list the first of them stands, from 0. */
  readonly offset: number;
  /** Length of the filtered list now. */
  readonly total: number;
  /** False while a filter is still being applied to old messages; ask again. */
  readonly complete: boolean;
}

export interface TasksResult {
  readonly rows: readonly TaskRow[];
  readonly total: number;
  /** False while the list is still being made, or made anew after changes; ask again soon. */
  readonly complete: boolean;
}

/** How much of what the server does is written to its log. */
export const TRACE_LEVELS = ['off', 'messages', 'verbose'] as const;
export type TraceLevel = (typeof TRACE_LEVELS)[number];
export interface TraceParams {
  readonly level: TraceLevel;
  /** Where logs go; absent: as before, at first a folder of the server's own. */
  readonly folder?: string;
}

/** What the client hands to the server with the standard `initialize` request. All of it is optional. */
export interface InitializationOptions {
  /** Contents of the localisation bundle in use (`vscode.l10n.bundle`); absent: English. */
  readonly l10nBundle?: Record<string, string | { message: string; comment: string[] }>;
  /** Codes of findings that nobody wants to see (the setting `forkscope.findings.muted`). */
  readonly mutedFindings?: readonly string[];
  /** The log that is wanted (the setting `forkscope.trace`). */
  readonly trace?: TraceParams;
  /** The client's command that takes a `FocusParams` and shows it in the panel; absent: it has no panel. */
  readonly showCommand?: string;
}

export interface PreparedSession {
  readonly folder: string;
  /** To be added to the program's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Folder of the Python side: its frames are nobody's business. */
  readonly runtime: string;
}
export interface DapEndpoint {
  /** Unix socket or Windows named pipe on which this server speaks the Debug Adapter Protocol. */
  readonly path: string;
}

/** server → client, at most 20 a second: what changed. */
export const Update = new NotificationType<UpdateParams>('forkscope/update');
/** client → server: writes a log from now on, or none. */
export const SetTrace = new NotificationType<TraceParams>('forkscope/trace');
/** client → server: codes of findings that nobody wants to see from now on, in place of those before. */
export const MuteFindings = new NotificationType<{ readonly codes: readonly string[] }>('forkscope/muteFindings');
/** server → client: a session began in this server's debug adapter; the client remembers its folder for a restart of the server. */
export const SessionFolder = new NotificationType<{ sessionId: SessionId; folder: string }>('forkscope/sessionFolder');
/** server → client: all timers are running (for tests and restart). */
export const Ready = new NotificationType0('forkscope/ready');
