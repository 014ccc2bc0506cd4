/** Views with all fields set, so that a test names only what it is about. */
import type {
  ChannelMeta,
  ChannelStatus,
  Endpoint,
  PoolActivity,
  PoolMeta,
  PoolStatus,
  ProcessMeta,
  ProcessStatus,
  SessionMeta,
  SessionStatus,
  SourceLine,
  Wait,
  WorkerState,
} from '../../../server/protocol/views';

export const line: SourceLine = { file: '/w/pipeline.py', line: 12, function: 'main' };

export const sessionMeta = (given: Partial<SessionMeta> = {}): SessionMeta => ({
  id: 's',
  name: 'pipeline.py',
  command: ['pipeline.py'],
  cwd: '/w',
  python: '/usr/bin/python3',
  platform: 'linux',
  startedAt: '2026-01-01T00:00:00.000Z',
  recorded: false,
  source: '/tmp/s',
  ...given,
});

export const sessionStatus = (given: Partial<SessionStatus> = {}): SessionStatus => ({
  state: 'running',
  exitCode: null,
  signal: null,
  durationMs: 5000,
  counts: { processes: 1, alive: 1, messages: 0, matched: 0, events: 0, dropped: 0 },
  warnings: [],
  ...given,
});

export const processMeta = (given: Partial<ProcessMeta> = {}): ProcessMeta => ({
  id: 'p1',
  pid: 4102,
  parentId: null,
  name: 'MainProcess',
  origin: 'main',
  startMethod: null,
  argv: ['python3', 'pipeline.py'],
  python: '3.11.7',
  startedAtMs: 0,
  line: null,
  daemon: false,
  target: null,
  ...given,
});

export const processStatus = (given: Partial<ProcessStatus> = {}): ProcessStatus => ({
  id: 'p1',
  state: 'running',
  waits: [],
  endedAtMs: null,
  exitCode: null,
  signal: null,
  lastLine: null,
  cpuSeconds: null,
  memoryBytes: null,
  ...given,
});

export const wait = (given: Partial<Wait> = {}): Wait => ({
  operation: 'get',
  target: 'queue',
  on: 'tasks',
  channelId: 'c1',
  processId: null,
  sinceMs: 1800,
  timeoutMs: null,
  line,
  thread: 'MainThread',
  ...given,
});

export const channelMeta = (given: Partial<ChannelMeta> = {}): ChannelMeta => ({
  id: 'c1',
  kind: 'Queue',
  name: 'tasks',
  line,
  owner: 'user',
  capacity: 10,
  duplex: false,
  createdBy: 'p1',
  ...given,
});

export const endpoint = (given: Partial<Endpoint> = {}): Endpoint => ({
  processId: 'p1',
  mode: 'w',
  open: true,
  sends: 0,
  receives: 0,
  name: '',
  ...given,
});

export const channelStatus = (given: Partial<ChannelStatus> = {}): ChannelStatus => ({
  id: 'c1',
  puts: 0,
  gets: 0,
  sends: 0,
  receives: 0,
  bytesSent: 0,
  bytesReceived: 0,
  depth: 0,
  depthFeeder: 0,
  depthPipe: 0,
  depthMax: 0,
  rate: 0,
  outcomes: { Full: 0, Empty: 0, EOFError: 0, BrokenPipeError: 0, timeout: 0 },
  endpoints: [],
  tasksDone: 0,
  unfinished: 0,
  ...given,
});

export const poolMeta = (given: Partial<PoolMeta> = {}): PoolMeta => ({
  id: 'q1',
  kind: 'Pool',
  name: 'pool',
  line,
  processId: 'p1',
  size: 4,
  ...given,
});

export const poolStatus = (given: Partial<PoolStatus> = {}): PoolStatus => ({
  id: 'q1',
  state: 'open',
  workers: [],
  submitted: 0,
  started: 0,
  completed: 0,
  failed: 0,
  cancelled: 0,
  lost: 0,
  pending: 0,
  running: 0,
  ...given,
});

export const poolActivity = (given: Partial<PoolActivity> = {}): PoolActivity => ({
  busy: 0,
  idle: 0,
  ratePerSecond: 0,
  medianMs: null,
  p95Ms: null,
  medianWaitMs: null,
  averageBusy: null,
  restarts: 0,
  maxTasksPerWorker: null,
  items: 0,
  chunksize: null,
  sentence: '4 workers; no tasks submitted yet',
  workers: [],
  moreWorkers: 0,
  ...given,
});

export const workerState = (given: Partial<WorkerState> = {}): WorkerState => ({
  id: 'p3',
  name: 'PoolWorker-2',
  processId: 'p3',
  state: 'idle',
  done: 0,
  failed: 0,
  busyMs: 0,
  current: null,
  ...given,
});
