/**
 * Programs with known results, under every start method: the report must be exactly right.
 *
 * Each program documents its actions in its first lines (test/programs).
 */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ReportChannel, ReportProcess } from '../../server/protocol/report';
import { PROGRAMS, pythons, type Run, runUnder } from './run';

const METHODS = process.platform === 'win32' ? ['spawn'] : ['fork', 'spawn', 'forkserver'];
const PYTHONS = pythons();

function channel(run: Run, name: string): ReportChannel {
  const found = run.report.channels.filter((each) => each.name === name && each.owner === 'user');
  expect(found, `channels named ${name} of ${run.report.channels.map((each) => each.name)}`).toHaveLength(1);
  return found[0] as ReportChannel;
}
function processNamed(run: Run, name: string): ReportProcess {
  const found = run.report.processes.filter((each) => each.name === name);
  expect(found, `processes named ${name} of ${run.report.processes.map((each) => each.name)}`).toHaveLength(1);
  return found[0] as ReportProcess;
}
function main(run: Run): ReportProcess {
  const found = run.report.processes.filter((each) => each.origin === 'main');
  expect(found).toHaveLength(1);
  return found[0] as ReportProcess;
}
/** What holds for every program here: nothing dropped, all matched, no process left alive. */
function expectWhole(run: Run): void {
  expect(run.report.session.dropped).toBe(0);
  expect(run.report.messages.unmatchedReceives).toBe(0);
  // A pool's sentinels left in its internal queues were really never received; the user's messages all were.
  const users = new Set(run.report.channels.filter((each) => each.owner === 'user').map((each) => each.id));
  expect(run.messages.filter((each) => users.has(each.channel) && each.to === null)).toEqual([]);
  const helpers = ['forkserver', 'resource-tracker'];
  for (const each of run.report.processes.filter((process) => !helpers.includes(process.origin))) {
    expect(['exited', 'killed'], `state of ${each.name}`).toContain(each.state);
  }
}

describe.each(PYTHONS)('with %s', (python) => {
  describe.each(METHODS)('under %s', (method) => {
    const go = (program: string) => runUnder([join(PROGRAMS, program), method], python === undefined ? {} : { python });

    test.skipIf(process.platform === 'win32')('meetings', () => {
      const run = go('meetings.py');
      expect(run.stdout).toBe('15\n');
      expectWhole(run);
      const name = (id: string | null) => run.report.processes.find((each) => each.id === id)?.name ?? id;
      const received = run.messages.filter((each) => /client-\d/.test(each.payload));
      for (const { from, to, payload } of received) {
        const client = /client-\d/.exec(payload)?.[0];
        const server = payload.startsWith("('to'") || payload.startsWith("('from'") ? 'meetings.py' : 'manager';
        const there = {
          from: name(from),
          to: server === 'manager' ? processNamed(run, name(to) ?? '').origin : name(to),
        };
        expect(there, payload).toEqual(
          payload.startsWith("('to'") ? { from: server, to: client } : { from: client, to: server },
        );
      }
      // A manager's client sends its name once more, for the thread that serves it.
      expect(received).toHaveLength(2 * 4 * 3 * 5 + 3 * 5 + 3);
      expect(run.report.messages.unmatchedSends).toBeLessThanOrEqual(1);
      expect(run.report.messages.unknownReceivers).toBe(0);
    });

    test('queue_counts', () => {
      const run = go('queue_counts.py');
      expect(run.stdout).toBe('100\n');
      expect(run.status).toBe(0);
      expectWhole(run);
      const tasks = channel(run, 'tasks');
      expect(tasks).toMatchObject({
        kind: 'Queue',
        puts: 101,
        gets: 101,
        sends: 101,
        receives: 101,
        depth: 0,
        capacity: 0,
      });
      expect(tasks.depthMax).toBeGreaterThan(0);
      expect(tasks.depthMax).toBeLessThanOrEqual(101);
      expect(tasks.bytesSent).toBe(tasks.bytesReceived);
      expect(channel(run, 'done')).toMatchObject({
        kind: 'SimpleQueue',
        puts: 1,
        gets: 1,
        sends: 1,
        receives: 1,
        depth: 0,
        depthMax: 1,
      });
      for (const name of ['producer-0', 'producer-1', 'consumer']) {
        expect(processNamed(run, name)).toMatchObject({
          parentId: main(run).id,
          origin: 'process',
          startMethod: method,
          exitCode: 0,
          state: 'exited',
        });
      }
      const messages = run.messages.filter((each) => each.channel === tasks.id);
      expect(messages).toHaveLength(101);
      expect(new Set(messages.map((each) => each.payload)).size).toBe(101);
      const consumer = processNamed(run, 'consumer').id;
      for (const each of messages) {
        expect(each.to).toBe(consumer);
        expect(each.receiveLine).toMatchObject({ line: 14, function: 'consume' });
        expect(each.sendLine).toMatchObject(each.payload === 'None' ? { line: 30 } : { line: 9, function: 'produce' });
        expect(each.receivedAtMs).toBeGreaterThanOrEqual(each.sentAtMs as number);
      }
    });

    test('bounded_outcomes', () => {
      const run = go('bounded_outcomes.py');
      expect(run.stdout).toBe('abef\n');
      expectWhole(run);
      expect(channel(run, 'small')).toMatchObject({
        puts: 4,
        gets: 4,
        depth: 0,
        depthMax: 2,
        capacity: 2,
        outcomes: { Full: 2, Empty: 3, EOFError: 0, BrokenPipeError: 0 },
      });
    });

    test('pipe_talk', () => {
      const run = go('pipe_talk.py');
      expect(run.stdout).toBe("100 b'raw bytes' b'23456'\n");
      expectWhole(run);
      const pipes = run.report.channels.filter((each) => each.kind === 'Pipe' && each.owner === 'user');
      expect(pipes).toHaveLength(2);
      const duplex = pipes.find((each) => each.duplex);
      const oneWay = pipes.find((each) => !each.duplex);
      expect(duplex).toMatchObject({ sends: 20, receives: 20, depth: 0, outcomes: { timeout: 1, EOFError: 0 } });
      expect(oneWay).toMatchObject({ sends: 7, receives: 7, outcomes: { EOFError: 1 } });
      const raw = run.messages.filter((each) => each.channel === oneWay?.id).map((each) => each.payload);
      expect(raw).toEqual([
        "{'number': 0}",
        "{'number': 1}",
        "{'number': 2}",
        "{'number': 3}",
        "{'number': 4}",
        "b'raw bytes'",
        "b'23456'",
      ]);
    });

    test('pool_tasks', () => {
      const run = go('pool_tasks.py');
      expect(run.stdout).toBe('2106\n');
      expectWhole(run);
      expect(run.report.pools).toHaveLength(1);
      expect(run.report.pools[0]).toMatchObject({
        kind: 'Pool',
        name: 'pool',
        size: 3,
        submitted: 12,
        started: 12,
        completed: 10,
        failed: 2,
        pending: 0,
        running: 0,
      });
      expect(run.report.pools[0]?.workers).toHaveLength(3);
      expect(run.report.processes.filter((each) => each.origin === 'pool-worker')).toHaveLength(3);
      expect(run.report.channels.filter((each) => each.owner === 'user')).toHaveLength(0);
    });

    test('executor_tasks', () => {
      const run = go('executor_tasks.py');
      expect(run.stdout).toBe('1046\n');
      expectWhole(run);
      expect(run.report.pools).toHaveLength(1);
      expect(run.report.pools[0]).toMatchObject({
        kind: 'ProcessPoolExecutor',
        name: 'crew',
        size: 2,
        submitted: 6,
        started: 6,
        completed: 5,
        failed: 1,
        pending: 0,
        running: 0,
      });
      expect(run.report.channels.filter((each) => each.owner === 'user')).toHaveLength(0);
    });

    test('cancelled', () => {
      const run = go('cancelled.py');
      expect(run.status).toBe(0);
      const truth = JSON.parse(run.stdout) as Record<string, object | null>;
      for (const each of run.report.pools) {
        const { name, submitted, completed, failed, cancelled, lost, pending, running } = each;
        expect({ name, pending, running }).toEqual({ name, pending: 0, running: 0 });
        expect(completed + failed + cancelled + lost, `tasks of ${name}`).toBe(submitted);
        if (truth[name]) expect({ name, completed, failed, cancelled }).toEqual({ name, ...truth[name] });
      }
      const pool = (name: string) => run.report.pools.find((each) => each.name === name);
      expect(run.report.pools).toHaveLength(Object.keys(truth).length + 3);
      expect(pool('broken')?.state).toBe('broken');
      expect(pool('mapped')).toMatchObject({ submitted: 30, failed: 1, lost: 0 });
      expect(pool('mapped')?.cancelled).toBeGreaterThan(0);
      for (const name of ['terminated', 'closed', 'threads']) expect(pool(name)?.cancelled).toBeGreaterThan(0);
    });

    test('exits', () => {
      const run = go('exits.py');
      expect(run.stdout).toBe('[0, 7, 1, -15, -9, 9]\n');
      expect(run.status).toBe(5);
      expect(run.report.session.exitCode).toBe(5);
      expect(main(run)).toMatchObject({ exitCode: 5, state: 'exited' });
      expect(processNamed(run, 'good')).toMatchObject({ exitCode: 0, state: 'exited', signal: null });
      expect(processNamed(run, 'seven')).toMatchObject({ exitCode: 7, state: 'exited' });
      expect(processNamed(run, 'raises')).toMatchObject({ exitCode: 1, state: 'exited' });
      expect(processNamed(run, 'sigterm')).toMatchObject({ state: 'killed', signal: 'SIGTERM' });
      expect(processNamed(run, 'sigkill')).toMatchObject({ state: 'killed', signal: 'SIGKILL' });
      expect(processNamed(run, 'hard')).toMatchObject({ exitCode: 9, state: 'exited' });
    });

    test('nested', () => {
      const run = go('nested.py');
      expect(run.stdout).toBe('hello from the leaf\n');
      expectWhole(run);
      const child = processNamed(run, 'child');
      const grandchild = processNamed(run, 'grandchild');
      expect(child.parentId).toBe(main(run).id);
      expect(grandchild.parentId).toBe(child.id);
      const leaves = run.report.processes.filter((each) => each.origin === 'subprocess');
      expect(leaves.map((each) => [each.parentId, each.exitCode, each.python !== null])).toEqual([
        [grandchild.id, 0, true],
        [grandchild.id, 0, false],
      ]);
    });

    test('joinable', () => {
      const run = go('joinable.py');
      expect(run.stdout).toBe('28\n');
      expectWhole(run);
      expect(channel(run, 'jobs')).toMatchObject({ kind: 'JoinableQueue', puts: 8, gets: 8, depth: 0 });
      expect(channel(run, 'results')).toMatchObject({ kind: 'SimpleQueue', puts: 7, gets: 7, depth: 0 });
    });
  });

  test.skipIf(process.platform === 'win32')('forks', () => {
    const run = runUnder([join(PROGRAMS, 'forks.py')], python === undefined ? {} : { python });
    expect(run.stdout).toBe('4\n');
    expect(run.status).toBe(2);
    const [first, second] = run.report.processes.filter((each) => each.origin === 'fork');
    expect(run.report.processes).toHaveLength(3);
    expect(first).toMatchObject({ parentId: main(run).id, exitCode: 4, line: { line: 7 } });
    expect(second).toMatchObject({ parentId: first?.id, exitCode: 6, line: { line: 9 } });
  });

  test.skipIf(process.platform === 'win32')('preexec', () => {
    const run = runUnder([join(PROGRAMS, 'preexec.py')], python === undefined ? {} : { python });
    expect(run.stdout).toBe('0\n');
    const children = run.report.processes.filter((each) => each !== main(run));
    expect(children.map((each) => [each.argv, each.python, each.parentId, each.exitCode])).toEqual([
      [['sleep', '0.2'], null, main(run).id, 0],
    ]);
  });
});
