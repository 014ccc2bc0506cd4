/** A process paused by a debugger, and the processes that wait for it. */

import { expect, test } from 'vitest';
import { processRow } from '../../../extension/views/labels';
import { waitersOf, waitersText } from '../../../extension/views/paused';
import type { WaitEdge } from '../../../server/protocol/views';
import type { SessionView } from '../../../server/shared/sessionView';
import { line, processMeta, processStatus } from './fixtures';

const edge = (from: string, to: string, given: Partial<WaitEdge> = {}): WaitEdge => ({
  from,
  to,
  operation: 'get',
  target: 'queue',
  on: 'results',
  channelId: 'c1',
  sinceMs: 1000,
  line,
  thread: 'MainThread',
  real: true,
  why: 'can put into it',
  ...given,
});

function text(edges: WaitEdge[], dead: string[] = []): string {
  const ids = [...new Set(edges.flatMap((each) => [each.from, each.to]))];
  const session = {
    processes: new Map(ids.map((id) => [id, processMeta({ id, name: id })])),
    developer: [],
    waitGraph: {
      nodes: ids.map((processId) => ({ processId, dead: dead.includes(processId), stuck: false })),
      edges,
      cycles: [],
    },
  } as unknown as SessionView;
  return waitersText(waitersOf(session, 'worker'));
}

test.each<[string, WaitEdge[], string[]]>([
  ['', [], []],
  ['', [edge('main', 'other')], []],
  ['main is waiting in join()', [edge('main', 'worker', { operation: 'join', on: 'worker' })], []],
  ['main is waiting in results.get()', [edge('main', 'worker')], []],
  ['main may be waiting in results.get()', [edge('main', 'worker'), edge('main', 'other')], []],
  ['main is waiting in results.get()', [edge('main', 'worker'), edge('main', 'other')], ['other']],
  ['a and 1 more are waiting', [edge('a', 'worker'), edge('b', 'worker')], []],
  [
    'a and 1 more may be waiting',
    [edge('a', 'worker'), edge('b', 'worker'), edge('a', 'other'), edge('b', 'other')],
    [],
  ],
  ['b is waiting in results.get()', [edge('a', 'worker'), edge('a', 'other'), edge('b', 'worker')], []],
  ['main is waiting in results.get()', [edge('main', 'worker'), edge('main', 'worker', { thread: 'T-2' })], []],
])('"%s"', (expected, edges, dead) => {
  expect(text(edges, dead)).toBe(expected);
});

test('the row says so after the line, also for a screen reader', () => {
  const waiters = {
    sure: true,
    all: [{ name: 'main', call: { operation: 'join', target: 'process', on: '' } }],
  } as const;
  const row = processRow(processMeta(), processStatus({ state: 'paused', pausedAt: line }), 0, waiters);
  expect(row.description).toBe('paused at pipeline.py:12; main is waiting in join() · pid 4102');
  expect(row.spoken).toContain('paused at pipeline.py:12; main is waiting in join()');
  expect(processRow(processMeta(), processStatus(), 0, waiters).description).toBe('running · pid 4102');
});
