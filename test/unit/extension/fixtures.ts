/** Views with everything filled in, so that a test names only what it is about. */
import type {
  ChannelMeta,
  ChannelStatus,
  Endpoint,
  ProcessMeta,
  ProcessStatus,
  SessionMeta,
  SessionStatus,
  SourceLine,
  Wait,
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
