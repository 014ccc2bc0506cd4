import { beforeEach, describe, expect, test } from 'vitest';
import { SessionStore, type StoreChange } from '../../../extension/state/sessionStore';
import type { SessionDelta, UpdateParams } from '../../../server/protocol/stream';
import { channelMeta, channelStatus, processMeta, processStatus, sessionMeta, sessionStatus } from './fixtures';

const update = (sessions: SessionDelta[], closed: string[] = []): UpdateParams => ({ version: 1, sessions, closed });

let flush: () => void = () => {};
let scheduled = 0;
let clock = 0;
let changes: StoreChange[] = [];
let store: SessionStore;
beforeEach(() => {
  scheduled = 0;
  clock = 0;
  changes = [];
  store = new SessionStore(
    (run) => {
      scheduled += 1;
      flush = run;
    },
    () => clock,
  );
  store.onDidChange((change) => changes.push(change));
});

const first: SessionDelta = {
  id: 's',
  full: true,
  meta: sessionMeta(),
  status: sessionStatus(),
  processes: [processMeta()],
  processStatus: [processStatus()],
  channels: [channelMeta()],
  channelStatus: [channelStatus()],
};

describe('applying', () => {
  test('a full delta, then a partial one: later statuses replace, the rest is kept', () => {
    store.apply(update([first]));
    store.apply(update([{ id: 's', full: false, processStatus: [processStatus({ state: 'exited', exitCode: 3 })] }]));
    const state = store.session('s');
    expect(state?.processStatus.get('p1')?.exitCode).toBe(3);
    expect(state?.processes.get('p1')?.pid).toBe(4102);
    expect(state?.channels.get('c1')?.name).toBe('tasks');
    expect(state?.meta?.name).toBe('pipeline.py');
  });

  test('a second full delta removes what it does not contain', () => {
    store.apply(update([first]));
    store.apply(update([{ id: 's', full: true, meta: sessionMeta(), processes: [processMeta({ id: 'p9' })] }]));
    expect([...(store.session('s')?.processes.keys() ?? [])]).toEqual(['p9']);
    expect(store.session('s')?.channels.size).toBe(0);
    expect(store.session('s')?.status).toBeUndefined();
  });

  test('a partial delta of an unknown session creates it', () => {
    store.apply(update([{ id: 'x', full: false, processes: [processMeta()] }]));
    flush();
    expect(store.session('x')?.processes.size).toBe(1);
    expect(changes[0]?.sessions.get('x')?.full).toBe(true);
  });

  test('a replaced session keeps its position', () => {
    store.apply(update([first, { ...first, id: 't' }]));
    store.apply(update([first]));
    expect([...store.sessions.keys()]).toEqual(['s', 't']);
  });
});

describe('notifications', () => {
  test('once per burst, with everything that the burst changed', () => {
    store.apply(update([first]));
    flush();
    store.apply(update([{ id: 's', full: false, processStatus: [processStatus()] }]));
    store.apply(update([{ id: 's', full: false, channelStatus: [channelStatus({ depth: 2 })] }]));
    expect(scheduled).toBe(2);
    expect(changes).toHaveLength(1);
    flush();
    expect(changes).toHaveLength(2);
    const change = changes[1]?.sessions.get('s');
    expect(change).toEqual({
      full: false,
      session: false,
      processes: new Set(['p1']),
      channels: new Set(['c1']),
      pools: new Set(),
    });
  });

  test('none without a change: no sessions, or an unknown one closed', () => {
    store.apply(update([], ['never seen']));
    expect(scheduled).toBe(0);
  });

  test('a session opened and closed within a burst is only closed', () => {
    store.apply(update([first]));
    store.apply(update([], ['s']));
    flush();
    expect(changes[0]?.sessions.size).toBe(0);
    expect(changes[0]?.closed).toEqual(new Set(['s']));
    expect(store.sessions.size).toBe(0);
  });

  test('a session closed and reopened within a burst is not closed', () => {
    store.apply(update([first]));
    flush();
    store.apply(update([], ['s']));
    store.apply(update([first]));
    flush();
    expect(changes[1]?.closed.size).toBe(0);
    expect(changes[1]?.sessions.get('s')?.full).toBe(true);
  });

  test('a listener may unsubscribe itself while others stay', () => {
    let heard = 0;
    const stop = store.onDidChange(() => {
      heard += 1;
      stop();
    });
    store.apply(update([first]));
    flush();
    store.apply(update([first]));
    flush();
    expect(heard).toBe(1);
    expect(changes).toHaveLength(2);
  });
});

test('a snapshot applied to an empty store gives the same state', () => {
  store.apply(update([first, { id: 't', full: true }]));
  const copy = new SessionStore(
    () => {},
    () => clock,
  );
  copy.apply(store.snapshot());
  expect([...copy.sessions]).toEqual([...store.sessions]);
});

describe("the session's clock", () => {
  test('continues from the last status', () => {
    clock = 100_000;
    store.apply(update([first]));
    expect(store.sessionTime('s')).toBe(5000);
    clock += 700;
    expect(store.sessionTime('s')).toBe(5700);
    store.apply(update([{ id: 's', full: false, processes: [processMeta()] }]));
    expect(store.sessionTime('s')).toBe(5700);
    store.apply(update([{ id: 's', full: false, status: sessionStatus({ durationMs: 5650 }) }]));
    expect(store.sessionTime('s')).toBe(5650);
  });
  test('does not go back with the wall clock', () => {
    clock = 100_000;
    store.apply(update([first]));
    clock = 0;
    expect(store.sessionTime('s')).toBe(5000);
  });
  test('is frozen after the end and in recordings, and is 0 for unknown sessions', () => {
    store.apply(update([{ ...first, status: sessionStatus({ state: 'ended', durationMs: 700 }) }]));
    clock += 9000;
    expect(store.sessionTime('s')).toBe(700);
    store.apply(update([{ ...first, meta: sessionMeta({ recorded: true }) }]));
    clock += 9000;
    expect(store.sessionTime('s')).toBe(5000);
    expect(store.sessionTime('nothing')).toBe(0);
  });
});
