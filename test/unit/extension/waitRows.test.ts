/** What a row says of the waits behind a wait. */

import { describe, expect, test } from 'vitest';
import { processRow } from '../../../extension/views/labels';
import { processTooltip } from '../../../extension/views/tooltips';
import type { Blocker, ProcessStatus, Wait } from '../../../server/protocol/views';
import type { SessionView } from '../../../server/shared/sessionView';
import { causedText, causeText, isStuck } from '../../../server/shared/text/waits';
import { processMeta, processStatus, sessionMeta, sessionStatus, wait } from './fixtures';

const on = (processId: string, dead = false, why = 'can put into it'): Blocker => ({ processId, why, dead });
const waiting = (...waits: Partial<Wait>[]): Partial<ProcessStatus> => ({ state: 'waiting', waits: waits.map(wait) });
const blockedBy = (...ids: string[]): Partial<ProcessStatus> => waiting({ blockers: ids.map((id) => on(id)) });

/** Processes by name; a name is an id too. */
function session(
  processes: Record<string, Partial<ProcessStatus>>,
  { stuck = [], cycle }: { stuck?: readonly string[]; cycle?: readonly string[] } = {},
): SessionView {
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
      cycles: cycle === undefined ? [] : [cycle],
    },
  };
}
const row = (from: SessionView, id: string) =>
  processRow(processMeta({ id, name: id }), from.processStatus.get(id), 5000, undefined, from);

const shown = (from: SessionView, id: string): Wait => from.processStatus.get(id)?.waits[0] as Wait;
const cause = (from: SessionView, id: string) => causeText(from, id, shown(from, id));
const joining = (id: string): Partial<ProcessStatus> =>
  waiting({ operation: 'join', target: 'process', on: id, processId: id, blockers: [on(id)] });

describe('why a process is blocked', () => {
  test('a deadlock names the other members', () => {
    const both = session({ main: joining('w'), w: blockedBy('main') }, { cycle: ['main', 'w'] });
    expect(causedText(both, 'main', shown(both, 'main'), 5000)).toBe('blocked in join(w) for 3.2 s, deadlocked with w');
    expect(cause(both, 'w')).toBe('deadlocked with main');
    const three = session({ a: blockedBy('b'), b: blockedBy('c'), c: blockedBy('a') }, { cycle: ['a', 'b', 'c'] });
    expect(cause(three, 'b')).toBe('deadlocked with a and 1 more');
    expect(cause(session({ a: blockedBy('a') }, { cycle: ['a'] }), 'a')).toBe('deadlocked with itself');
  });
  test('a process that waits for a deadlock is not in it', () => {
    const outside = session({ a: joining('b'), b: blockedBy('c'), c: blockedBy('b') }, { cycle: ['b', 'c'] });
    expect(cause(outside, 'a')).toBe(
      'which is blocked in tasks.get(), waiting for c, which is blocked in tasks.get(), waiting for b',
    );
  });
  test('a chain is followed to its end', () => {
    const chain = session({ a: blockedBy('b'), b: blockedBy('c'), c: { state: 'running' } });
    expect(cause(chain, 'a')).toBe('waiting for b, which is blocked in tasks.get(), waiting for c');
    expect(cause(session({ a: blockedBy('b'), b: { state: 'paused' } }), 'a')).toBe('waiting for b, which is paused');
    expect(cause(session({ a: joining('b'), b: { state: 'paused' } }), 'a')).toBe('which is paused');
    expect(cause(session({ a: joining('b'), b: {} }), 'a')).toBeUndefined();
  });
  test('a long chain ends somewhere', () => {
    const ids = Array.from({ length: 40 }, (_, index) => `p${index}`);
    const long = session(Object.fromEntries(ids.map((id, index) => [id, blockedBy(ids[(index + 1) % 40] as string)])));
    expect(cause(long, 'p0')?.split('which is blocked')).toHaveLength(5);
  });
  test('several that could unblock it', () => {
    expect(cause(session({ a: blockedBy('b', 'c'), b: {}, c: {} }), 'a')).toBe('waiting for b or c');
    const four = session({ a: blockedBy('b', 'c', 'd', 'e'), b: {}, c: {}, d: {}, e: {} });
    expect(cause(four, 'a')).toBe('waiting for b, c or 2 more');
  });
  test.each([
    [{ blockers: [on('w', true)] }, 'blocked in tasks.get(): no live producer'],
    [{ operation: 'put', blockers: [] }, 'blocked in tasks.put(): no live consumer'],
    [{ operation: 'queue.join', blockers: [] }, 'blocked in tasks.join(): no live consumer'],
    [{ operation: 'recv', target: 'pipe', on: 'p', blockers: [] }, 'blocked in p.recv(): no live sender'],
    [{ operation: 'send', target: 'pipe', on: 'p', blockers: [] }, 'blocked in p.send(): no live receiver'],
    [
      { operation: 'acquire', target: 'lock', on: 'lock', blockers: [on('w', true)] },
      'blocked in lock.acquire(): its owner w is dead',
    ],
    [
      { operation: 'wait', target: 'pool', on: 'pool', blockers: [] },
      'blocked in get() of a result of pool: no live process can unblock it',
    ],
  ] as const)('%j: %s', (given, expected) => {
    const dead = session({ main: waiting(given), w: {} });
    expect(causedText(dead, 'main', shown(dead, 'main'), 5000)).toBe(expected);
    expect(isStuck(dead, 'main')).toBe(true);
  });
  test('of several only the living count', () => {
    const mixed = session({ main: waiting({ blockers: [on('a', true), on('b')] }), a: {}, b: {} });
    expect(cause(mixed, 'main')).toBe('waiting for b');
  });
  test('a join of a process that has just ended does not last forever', () => {
    const joined = session({
      main: waiting({ operation: 'join', target: 'process', on: 'w', blockers: [on('w', true)] }),
      w: {},
    });
    expect(cause(joined, 'main')).toBeUndefined();
    expect(isStuck(joined, 'main')).toBe(false);
  });
  test('an unknown blocker, or any process as one', () => {
    expect(cause(session({ main: waiting({}) }), 'main')).toBeUndefined();
    const any = session({ main: waiting({ blockers: [on('a', false, 'may notify')] }), a: {} });
    expect(cause(any, 'main')).toBeUndefined();
    expect(row(any, 'main').description).toBe('blocked in tasks.get() for 3.2 s · pid 4102');
  });
});

describe('a row of a blocked process', () => {
  test('has the call, how long, and the cause', () => {
    const both = session(
      { main: blockedBy('w'), w: blockedBy('main') },
      { stuck: ['main', 'w'], cycle: ['main', 'w'] },
    );
    expect(row(both, 'main')).toMatchObject({
      description: 'blocked in tasks.get() for 3.2 s, deadlocked with w · pid 4102',
      spoken: 'main, process 4102, blocked in tasks.get() for 3.2 s, deadlocked with w',
    });
  });
  test('a timeout looks different from a wait, and that from one without an end', () => {
    const limited = waiting({ timeoutMs: 500, real: false, blockers: [on('w')] });
    const polling = session({ main: limited, w: blockedBy('main') });
    expect(row(polling, 'main').description).toBe(
      'in tasks.get(), timeout 500 ms, waiting for w, which is blocked in tasks.get(), waiting for main · pid 4102',
    );
    expect(row(polling, 'w').description).toBe(
      'blocked in tasks.get() for 3.2 s, waiting for main, which is in tasks.get(), timeout 500 ms · pid 4102',
    );
    const alone = session({ main: waiting({ timeoutMs: 2000 }) });
    expect(row(alone, 'main').description).toBe('in tasks.get(), timeout 2.0 s · pid 4102');
    const stuck = session({ main: blockedBy('w'), w: blockedBy('main') }, { stuck: ['main', 'w'] });
    const icons = [row(polling, 'main').icon, row(polling, 'w').icon, row(stuck, 'w').icon];
    expect(icons).toEqual(['sync', 'watch', 'stop-circle']);
  });
  test('its tooltip leads to the drawing', () => {
    const both = session({ main: blockedBy('w'), w: blockedBy('main') }, { cycle: ['main', 'w'] });
    const meta = processMeta({ id: 'main', name: 'main' });
    const text = processTooltip(both, meta, both.processStatus.get('main'), 5000);
    expect(text).toContain('deadlocked with w [Show graph](command:forkscope.showWaits?');
  });
});
