/** The report of a session: a stable, documented contract (docs/report.md, docs/report.schema.json). */
import type { DarkReason } from './dark';
import type {
  ChannelKind,
  EndpointMode,
  Outcomes,
  Owner,
  PoolKind,
  PoolState,
  ProcessOrigin,
  ProcessState,
  SourceLine,
  StartMethod,
} from './views';

export interface ReportProcess {
  id: string;
  pid: number;
  parentId: string | null;
  name: string;
  origin: ProcessOrigin;
  startMethod: StartMethod | null;
  argv: string[];
  python: string | null;
  /** Why nothing was recorded inside it, although it is Python; null: it was, or it is none. */
  dark: DarkReason | null;
  startedAtMs: number;
  endedAtMs: number | null;
  state: ProcessState;
  exitCode: number | null;
  signal: string | null;
  line: SourceLine | null;
}
export interface ReportChannel {
  id: string;
  kind: ChannelKind;
  name: string;
  line: SourceLine | null;
  owner: Owner;
  capacity: number;
  duplex: boolean;
  puts: number;
  gets: number;
  sends: number;
  receives: number;
  bytesSent: number;
  bytesReceived: number;
  depth: number;
  depthMax: number;
  outcomes: Outcomes;
  endpoints: { processId: string; mode: EndpointMode; open: boolean }[];
  otherEnd?: 'unknown';
}
export interface ReportPool {
  id: string;
  kind: PoolKind;
  name: string;
  line: SourceLine | null;
  size: number;
  workers: string[];
  submitted: number;
  started: number;
  completed: number;
  failed: number;
  cancelled: number;
  lost: number;
  pending: number;
  running: number;
  state: PoolState;
  /** Of the tasks' running times, and of their waits for a worker; null: none has ended, or started. */
  medianMs: number | null;
  p95Ms: number | null;
  medianWaitMs: number | null;
  /** Busy workers on average over the time in which there were unfinished tasks; null: there were none. */
  averageBusy: number | null;
  /** Workers that took the place of others. */
  restarts: number;
  maxTasksPerWorker: number | null;
  /** Items of the tasks that ended: a chunk has several. */
  items: number;
  /** One that would use the workers better; null: nothing is wrong with this one. */
  chunksize: number | null;
  /** How well it was used, for people. */
  sentence: string;
}
export interface ReportFinding {
  code: string;
  severity: 'error' | 'warning' | 'info';
  message: string;
  processes: string[];
  channels: string[];
  lines: SourceLine[];
  advice: string;
  sinceMs: number;
  /** It was so until processes in it were ended from outside. */
  over: boolean;
  /** What happens at each of `lines`, and in which process. */
  captions: { text: string; process: string | null }[];
}
export interface Report {
  format: 'forkscope-report';
  version: 1;
  session: {
    command: string[];
    cwd: string;
    python: string;
    platform: string;
    startedAt: string;
    durationMs: number;
    exitCode: number | null;
    dropped: number;
  };
  processes: ReportProcess[];
  channels: ReportChannel[];
  pools: ReportPool[];
  messages: {
    count: number;
    matched: number;
    unmatchedSends: number;
    unmatchedReceives: number;
    unknownReceivers: number;
  };
  findings: ReportFinding[];
}
/** One line of `forkscope messages --json`. `payload` is a short Python-literal-like text. */
export interface ReportMessage {
  id: number;
  channel: string;
  /** null, and no time: its sender is not known. */
  from: string | null;
  to: string | null;
  sentAtMs: number | null;
  receivedAtMs: number | null;
  bytes: number;
  payload: string;
  sendLine: SourceLine | null;
  receiveLine: SourceLine | null;
}
