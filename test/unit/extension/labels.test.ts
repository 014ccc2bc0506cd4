import { describe, expect, test } from 'vitest';
import { channelRow, endpointRow, holders } from '../../../extension/views/channelLabels';
import { liveCount, processRow, sessionRow, waitLine } from '../../../extension/views/labels';
import { isOver, type SessionView } from '../../../server/shared/sessionView';
import {
  channelMeta,
  channelStatus,
  endpoint,
  line,
  processMeta,
  processStatus,
  sessionMeta,
  sessionStatus,
  wait,
} from './fixtures';

const session = (given: Partial<SessionView> = {}): SessionView => ({
  id: 's',
  meta: sessionMeta(),
  status: sessionStatus(),
  statusAt: 0,
  processes: new Map(),
  processStatus: new Map(),
  channels: new Map(),
  channelStatus: new Map(),
  pools: new Map(),
  poolStatus: new Map(),
  findings: [],
  developer: [],
  waitGraph: { nodes: [], edges: [], cycles: [] },
  ...given,
});

describe('a process', () => {
  const described = (given: Parameters<typeof processStatus>[0]) =>
    processRow(processMeta(), processStatus(given), 5000).description;
  test.each([
    [{ state: 'running' }, 'running · pid 4102'],
    [{ state: 'waiting', waits: [wait()] }, 'blocked in tasks.get() for 3.2 s · pid 4102'],
    [{ state: 'waiting', waits: [wait({ on: '' })] }, 'blocked in get() for 3.2 s · pid 4102'],
    [{ state: 'waiting', waits: [wait(), wait()] }, 'blocked in tasks.get() for 3.2 s (+1 more) · pid 4102'],
    [{ state: 'waiting' }, 'blocked · pid 4102'],
    [{ state: 'paused' }, 'paused · pid 4102'],
    [{ state: 'paused', pausedAt: line }, 'paused at pipeline.py:12 · pid 4102'],
    [{ state: 'exited', exitCode: 0 }, 'exited with code 0 · pid 4102'],
    [{ state: 'exited', exitCode: 3 }, 'exited with code 3 · pid 4102'],
    [{ state: 'exited' }, 'exited with unknown status · pid 4102'],
    [{ state: 'killed', signal: 'SIGKILL' }, 'killed by SIGKILL · pid 4102'],
    [{ state: 'lost' }, 'exited with unknown status · pid 4102'],
  ] as const)('%j: %s', (given, expected) => {
    expect(described(given)).toBe(expected);
  });
  test('a wait that began in the future of a lagging clock is not negative', () => {
    expect(described({ state: 'waiting', waits: [wait({ sinceMs: 9000 })] })).toMatch(/ 0\.0 s · /);
  });
  test('each state has its own icon, so that they do not differ in colour only', () => {
    const states = ['running', 'waiting', 'paused', 'killed', 'lost'] as const;
    const icons = [
      ...states.map((state) => processRow(processMeta(), processStatus({ state }), 0).icon),
      processRow(processMeta(), processStatus({ state: 'exited', exitCode: 0 }), 0).icon,
      processRow(processMeta(), processStatus({ state: 'exited', exitCode: 1 }), 0).icon,
    ];
    expect(new Set(icons).size).toBe(icons.length);
  });
  test('menus know whether it is alive and has lines', () => {
    expect(processRow(processMeta({ line }), undefined, 0).context).toBe('process.alive.started');
    expect(processRow(processMeta(), processStatus({ state: 'waiting', waits: [wait()] }), 0).context).toBe(
      'process.alive.waits',
    );
    expect(processRow(processMeta(), processStatus({ state: 'lost', lastLine: line }), 0).context).toBe(
      'process.ended.waits',
    );
  });
  test('a helper process of Python is dimmed', () => {
    expect(processRow(processMeta({ origin: 'resource-tracker' }), processStatus(), 0)).toMatchObject({
      dim: true,
      color: 'disabledForeground',
    });
  });
  test('a worker ended by its pool is not a failure, a killed one is', () => {
    const row = (signal: string) =>
      processRow(processMeta({ origin: 'pool-worker' }), processStatus({ state: 'killed', signal }), 0);
    expect(row('SIGTERM')).toMatchObject({ color: 'disabledForeground' });
    expect(row('SIGTERM').description).toMatch(/^killed by SIGTERM/);
    expect(row('SIGKILL')).toMatchObject({ color: 'charts.red' });
  });
  test('a screen reader announces name, number and state', () => {
    expect(processRow(processMeta(), processStatus(), 0).spoken).toBe('MainProcess, process 4102, running');
  });
  test('the current line is where it is blocked, else the last', () => {
    const other = { ...line, line: 99 };
    expect(waitLine(processStatus({ waits: [wait()], lastLine: other }))).toEqual(line);
    expect(waitLine(processStatus({ lastLine: other }))).toEqual(other);
    expect(waitLine(undefined)).toBeNull();
  });
});

describe('a session', () => {
  const withProcesses = session({
    processes: new Map([
      ['p1', processMeta()],
      ['p2', processMeta({ id: 'p2' })],
      ['p3', processMeta({ id: 'p3', origin: 'resource-tracker' })],
    ]),
    processStatus: new Map([['p2', processStatus({ id: 'p2', state: 'exited' })]]),
  });
  test('counts live processes without the helpers', () => {
    expect(liveCount(withProcesses)).toBe(1);
    expect(sessionRow(withProcesses)).toMatchObject({ description: '1 process', context: 'session.running' });
  });
  test('shows how it ended and how long it took', () => {
    const status = sessionStatus({ state: 'ended', exitCode: 2, durationMs: 75_000 });
    expect(sessionRow(session({ status }))).toMatchObject({
      description: expect.stringMatching(/^exited with code 2 · 1 min 15 s · \d+:\d\d/),
      icon: 'error',
      context: 'session.ended',
    });
  });
  test('a recording is over, whatever its last state', () => {
    const recording = session({ meta: sessionMeta({ recorded: true }) });
    expect(isOver(recording)).toBe(true);
    expect(sessionRow(recording)).toMatchObject({ description: 'recording', context: 'session.ended.recorded' });
  });
  test('dropped messages and failures are visible without a search', () => {
    const counts = { ...sessionStatus().counts, dropped: 1_250_000 };
    expect(sessionRow(session({ status: sessionStatus({ counts, warnings: ['disk full'] }) }))).toMatchObject({
      description: '0 processes · 1.3M events dropped',
      icon: 'warning',
    });
  });
  test('has a row before its metadata arrives', () => {
    expect(sessionRow(session({ meta: undefined, status: undefined })).label).toBe('s');
  });
});

describe('a channel', () => {
  const busy = channelStatus({
    depth: 3,
    rate: 120,
    puts: 40,
    gets: 37,
    endpoints: [
      endpoint({ processId: 'a', sends: 20 }),
      endpoint({ processId: 'b', sends: 20 }),
      endpoint({ processId: 'b', mode: 'r' }),
      endpoint({ processId: 'c', mode: 'r', receives: 37 }),
    ],
  });
  test('a queue: depth, rate, traffic, users', () => {
    expect(channelRow(channelMeta(), busy, true).description).toBe('3/10 · 120/s · 40 put 37 got · 2→1');
  });
  test('a past rate is not shown', () => {
    expect(channelRow(channelMeta(), busy, false).description).toBe('3/10 · 40 put 37 got · 2→1');
  });
  test('a pipe: messages, and a depth only if it is not empty', () => {
    const pipe = channelMeta({ kind: 'Pipe', capacity: 0 });
    expect(channelRow(pipe, channelStatus({ sends: 4, receives: 4 }), true).description).toBe('4 sent 4 received');
    expect(channelRow(pipe, channelStatus({ sends: 4, receives: 3, depth: 1 }), true).description).toBe(
      '1 · 4 sent 3 received',
    );
  });
  test('a full queue is marked by colour and by text', () => {
    expect(channelRow(channelMeta(), channelStatus({ depth: 10 }), true)).toMatchObject({
      color: 'charts.yellow',
      spoken: expect.stringContaining('full'),
    });
    expect(channelRow(channelMeta({ capacity: 0 }), channelStatus({ depth: 10 }), true).color).toBeUndefined();
  });
  test('before its status arrives', () => {
    expect(channelRow(channelMeta({ line: null }), undefined, true)).toMatchObject({
      description: '0/10 · 0 put 0 got',
      context: 'channel',
    });
  });
  test('ends of one process are one row, and used ones are first', () => {
    expect(holders(busy).map((end) => [end.processId, end.mode, end.sends, end.receives])).toEqual([
      ['a', 'w', 20, 0],
      ['b', 'w', 20, 0],
      ['c', 'r', 0, 37],
    ]);
    const pipe = channelStatus({
      endpoints: [
        endpoint({ name: 'here', open: false }),
        endpoint({ name: 'there', sends: 1 }),
        endpoint({ name: 'here' }),
      ],
    });
    expect(holders(pipe).map((end) => [end.name, end.mode, end.open])).toEqual([
      ['there', 'w', true],
      ['here', 'rw', true],
    ]);
    expect(holders(undefined)).toEqual([]);
  });
  test('an end: its process, its permissions and its traffic', () => {
    const end = endpoint({ name: 'here', mode: 'rw', sends: 2, receives: 1, open: false });
    expect(endpointRow(end, processMeta({ name: 'worker' }))).toMatchObject({
      label: 'worker',
      description: 'here · reads and writes · 2 sent · 1 received · closed',
      dim: true,
    });
    expect(endpointRow(end, undefined).label).toBe('p1');
  });
});
