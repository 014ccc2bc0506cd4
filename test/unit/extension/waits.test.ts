/** A row's description of the chain of waits behind it. */

import { describe, expect, test } from 'vitest';
import { processRow } from '../../../extension/views/labels';
import { processTooltip } from '../../../extension/views/tooltips';
import { isStuck, waitSentence } from '../../../extension/views/waits';
import type { Blocker, ProcessStatus, Wait } from '../../../server/protocol/views';
import type { SessionView } from '../../../server/shared/sessionView';
import { processMeta, processStatus, sessionMeta, sessionStatus, wait } from './fixtures';

const on = (processId: string, dead = false, why = 'can put into it'): Blocker => ({ processId, why, dead });
const waiting = (...waits: Partial<Wait>[]): Partial<ProcessStatus> => ({ state: 'waiting', waits: waits.map(wait) });
const blockedBy = (...ids: string[]): Partial<ProcessStatus> => waiting({ blockers: ids.map((id) => on(id)) });

/** Processes by name; a name is an id too. */
function session(processes: Record<string, Partial<ProcessStatus>>, stuck: readonly string[] = []): SessionView {
  return {
    id: 's',
    meta: sessionMeta(),
    status: sessionStatus(),
    statusAt: 0,
    processes: new Map(Object.keys(processes).map((id) => [id, processMeta({ id, name: id })])),
    processStatus: new Map(Object.entries(processes).map(([id, given]) => [id, processStatus({ ...given, id })])),
    channels: new Map(),
    channelStatus: new Map(),
    pools: new Map(),
    poolStatus: new Map(),
    findings: [],
    developer: [],
    waitGraph: {
      nodes: Object.keys(processes).map((processId) => ({ processId, dead: false, stuck: stuck.includes(processId) })),
      edges: [],
      cycles: [],
    },
  };
}
const row = (from: SessionView, id: string) =>
  processRow(processMeta({ id, name: id }), from.processStatus.get(id), 5000, undefined, from);

describe('the process that a process waits for', () => {
  test('two that wait for each other', () => {
    const both = session({ main: blockedBy('worker-2'), 'worker-2': blockedBy('main') });
    expect(waitSentence(both, 'main')).toBe('waits for worker-2, which waits for you');
    expect(waitSentence(both, 'worker-2')).toBe('waits for main, which waits for you');
  });
  test('a chain is followed to its end', () => {
    const chain = session({ a: blockedBy('b'), b: blockedBy('c'), c: { state: 'running' } });
    expect(waitSentence(chain, 'a')).toBe('waits for b, which waits for c');
    const paused = session({ a: blockedBy('b'), b: { state: 'paused' } });
    expect(waitSentence(paused, 'a')).toBe('waits for b, which is paused');
  });
  test('a cycle further away is listed once around', () => {
    const circle = session({ a: blockedBy('b'), b: blockedBy('c'), c: blockedBy('b') });
    expect(waitSentence(circle, 'a')).toBe('waits for b, which waits for c, which waits for b');
  });
  test('a long chain is truncated', () => {
    const ids = Array.from({ length: 40 }, (_, index) => `p${index}`);
    const long = session(Object.fromEntries(ids.map((id, index) => [id, blockedBy(ids[(index + 1) % 40] as string)])));
    expect(waitSentence(long, 'p0')).toBe(
      'waits for p1, which waits for p2, which waits for p3, which waits for p4, which waits for p5, which waits in get on tasks',
    );
  });
  test('a process whose other threads are to end it', () => {
    expect(waitSentence(session({ a: blockedBy('a') }), 'a')).toBe('waits for itself');
  });
  test('several that could end it', () => {
    const two = session({ a: blockedBy('b', 'c'), b: {}, c: {} });
    expect(waitSentence(two, 'a')).toBe('waits for b or c');
    const four = session({ a: blockedBy('b', 'c', 'd', 'e'), b: {}, c: {}, d: {}, e: {} });
    expect(waitSentence(four, 'a')).toBe('waits for b, c or 2 more');
    const all = session({ a: blockedBy('b', 'c'), b: blockedBy('a'), c: blockedBy('a') });
    expect(waitSentence(all, 'a')).toBe('waits for b or c, who all wait for you');
  });
  test('no process is left that could end it', () => {
    const dead = session({ main: waiting({ on: 'results', blockers: [on('worker-1', true)] }), 'worker-1': {} });
    expect(waitSentence(dead, 'main')).toBe('waits for results (nobody can put: worker-1 is dead)');
    expect(isStuck(dead, 'main')).toBe(true);
    const more = waiting({
      operation: 'acquire',
      on: 'lock',
      blockers: [on('a', true), on('b', true), on('c', true)],
    });
    expect(waitSentence(session({ main: more, a: {} }), 'main')).toBe(
      'waits for lock (nobody can release it: a and 2 more are dead)',
    );
    expect(waitSentence(session({ main: waiting({ operation: 'recv', on: 'pipe', blockers: [] }) }), 'main')).toBe(
      'waits for pipe (nobody can send: no other process has it)',
    );
    const mixed = session({ main: waiting({ blockers: [on('a', true), on('b')] }), a: {}, b: {} });
    expect(waitSentence(mixed, 'main')).toBe('waits for b');
  });
  test('a join of a process that has just ended is not forever', () => {
    const joined = session({ main: waiting({ operation: 'join', on: 'w', blockers: [on('w', true)] }), w: {} });
    expect(waitSentence(joined, 'main')).toBeUndefined();
    expect(isStuck(joined, 'main')).toBe(false);
  });
  test('a blocker that is unknown, or any process', () => {
    expect(waitSentence(session({ main: waiting({}) }), 'main')).toBeUndefined();
    const any = session({ main: waiting({ blockers: [on('a', false, 'may notify')] }), a: {} });
    expect(waitSentence(any, 'main')).toBeUndefined();
    expect(row(any, 'main').description).toBe('waiting in get on tasks 3.2 s · pid 4102');
  });
});

describe('a row of a blocked process', () => {
  test('names the blocker, the operation and the time', () => {
    const both = session({ main: blockedBy('w'), w: blockedBy('main') }, ['main', 'w']);
    expect(row(both, 'main')).toMatchObject({
      description: 'waits for w, which waits for you · get on tasks 3.2 s · pid 4102',
      spoken: 'main, process 4102, waits for w, which waits for you · get on tasks 3.2 s',
    });
  });
  test('a timeout looks different from a wait, and that from an endless one', () => {
    const limited = waiting({ timeoutMs: 500, real: false, blockers: [on('w')] });
    const polling = session({ main: limited, w: blockedBy('main') });
    expect(row(polling, 'main').description).toBe(
      'waits at most 500 ms for w, which waits for you · get on tasks · pid 4102',
    );
    expect(row(polling, 'w').description).toBe(
      'waits for main, which waits at most 500 ms for you · get on tasks 3.2 s · pid 4102',
    );
    const alone = session({ main: waiting({ timeoutMs: 2000 }) });
    expect(row(alone, 'main').description).toBe('waiting at most 2.0 s in get on tasks · pid 4102');
    const stuck = session({ main: blockedBy('w'), w: blockedBy('main') }, ['main', 'w']);
    const icons = [row(polling, 'main').icon, row(polling, 'w').icon, row(stuck, 'w').icon];
    expect(icons).toEqual(['sync', 'watch', 'stop-circle']);
  });
  test('its tooltip leads to the drawing', () => {
    const both = session({ main: blockedBy('w'), w: blockedBy('main') });
    const meta = processMeta({ id: 'main', name: 'main' });
    const text = processTooltip(both, meta, both.processStatus.get('main'), 5000);
    expect(text).toContain('waits for w, which waits for you [Show the drawing](command:forkscope.showWaits?');
  });
});
