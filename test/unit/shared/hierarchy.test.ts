import { describe, expect, test } from 'vitest';
import { SessionStore } from '../../../extension/state/sessionStore';
import type { ProcessMeta } from '../../../server/protocol/views';
import { orderedChannels, orderedSessions, processTree, shownParent } from '../../../server/shared/hierarchy';
import { channelMeta, processMeta, sessionMeta } from '../extension/fixtures';

function session(processes: ProcessMeta[], channels = [channelMeta()]) {
  const store = new SessionStore(() => {});
  store.apply({
    version: 1,
    sessions: [{ id: 's', full: true, meta: sessionMeta(), processes, channels }],
    closed: [],
  });
  const state = store.session('s');
  if (state === undefined) {
    throw new Error('no session');
  }
  return state;
}
const process = (id: string, parentId: string | null, startedAtMs = 0, more: Partial<ProcessMeta> = {}) =>
  processMeta({ id, parentId, startedAtMs, pid: Number(id) || 1, ...more });

describe('processes', () => {
  test('are below their creators, oldest first, at the same time by pid', () => {
    const tree = processTree(
      session([process('3', '1', 20), process('12', '1', 10), process('1', null), process('5', '1', 10)]),
      false,
    );
    expect([...tree]).toEqual([
      [null, ['1']],
      ['1', ['5', '12', '3']],
    ]);
  });
  test("a hidden helper's children move up to the next ancestor with a row", () => {
    const all = [process('1', null), process('2', '1', 1, { origin: 'forkserver' }), process('3', '2', 2)];
    expect(processTree(session(all), false).get('1')).toEqual(['3']);
    expect(shownParent(session(all), '3', false)).toBe('1');
    expect(processTree(session(all), true).get('2')).toEqual(['3']);
  });
  test('with an unknown parent are below the session', () => {
    expect(processTree(session([process('2', '99')]), false).get(null)).toEqual(['2']);
  });
  test('a cycle of parents does not hang the view', () => {
    const circle = [
      process('1', '2', 0, { origin: 'forkserver' }),
      process('2', '1', 0, { origin: 'forkserver' }),
      process('3', '1'),
      process('4', '4'),
    ];
    expect(processTree(session(circle), false).get(null)).toEqual(['3', '4']);
  });
});

test("channels in order of creation, the library's own last and only on request", () => {
  const state = session(
    [],
    [channelMeta({ id: 'inner', owner: 'library' }), channelMeta({ id: 'b' }), channelMeta({ id: 'a' })],
  );
  expect(orderedChannels(state, false)).toEqual(['b', 'a']);
  expect(orderedChannels(state, true)).toEqual(['b', 'a', 'inner']);
});

test('sessions with the newest first; of the same time the last one received', () => {
  const store = new SessionStore(() => {});
  const at = (id: string, startedAt: string) => ({ id, full: true, meta: sessionMeta({ id, startedAt }) });
  store.apply({
    version: 1,
    sessions: [
      at('old', '2026-01-01T00:00:00Z'),
      at('new', '2026-01-02T00:00:00Z'),
      at('also', '2026-01-01T00:00:00Z'),
    ],
    closed: [],
  });
  expect(orderedSessions(store.sessions).map((each) => each.id)).toEqual(['new', 'also', 'old']);
});
