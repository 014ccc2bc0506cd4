import { describe, expect, test } from 'vitest';
import type { Host, Saved } from '../../../media/panel/state/store';
import { PanelStore } from '../../../media/panel/state/store';
import type { MessagesParams } from '../../../server/protocol/requests';
import type { SessionDelta, UpdateParams } from '../../../server/protocol/stream';
import { sessionMeta, sessionStatus } from '../extension/fixtures';

const delta = (id: string, given: Partial<SessionDelta> = {}): SessionDelta => ({
  id,
  full: true,
  meta: sessionMeta({ id }),
  status: sessionStatus(),
  ...given,
});
const update = (...sessions: SessionDelta[]): UpdateParams => ({ version: 1, sessions, closed: [] });
const hello = (...sessions: SessionDelta[]) => ({ update: update(...sessions), strings: {}, locale: 'en' });

/** A store whose frames are drawn at once, and its requests. */
function open(saved?: Saved) {
  const asked: MessagesParams[] = [];
  const opened: number[] = [];
  const host: Host = {
    messages: async (params) => {
      asked.push(params);
      return { rows: [], offset: 0, total: 0, complete: true };
    },
    message: async ({ messageId }) => {
      opened.push(messageId);
      return null;
    },
    depthHistory: async () => [],
    tasks: async () => ({ rows: [], total: 0, complete: true }),
    task: async () => null,
  };
  let drawn = 0;
  const store = new PanelStore(
    host,
    () => {
      drawn++;
    },
    saved,
    (run) => run(),
  );
  return { store, asked, opened, drawn: () => drawn };
}

describe('the displayed session', () => {
  test('the latest existing one; then each new one', () => {
    const { store } = open();
    store.hello(hello(delta('a'), delta('b')));
    expect(store.sessionId).toBe('b');
    store.update(update(delta('c')));
    expect(store.sessionId).toBe('c');
    store.update(update(delta('a', { full: false })));
    expect(store.sessionId).toBe('c');
  });

  test('another one after it was closed; none if there is none', () => {
    const { store } = open();
    store.hello(hello(delta('a'), delta('b')));
    store.update({ version: 1, sessions: [], closed: ['b'] });
    expect(store.sessionId).toBe('a');
    store.update({ version: 1, sessions: [], closed: ['a'] });
    expect(store.session).toBeNull();
  });

  test('another session starts without the previous filter, but keeps internal channels shown', () => {
    const { store, asked } = open();
    store.hello(hello(delta('a')));
    store.setFilter({ text: 'x', library: true });
    store.update(update(delta('b')));
    expect(store.filter).toEqual({ library: true });
    expect(asked.at(-1)).toMatchObject({ sessionId: 'b', filter: { library: true } });
  });
});

describe('after a reload of the window', () => {
  const saved: Saved = { sessionId: 'b', filter: { text: 'x' }, pinned: false, messageId: 7, page: 'pools' };

  test('everything is restored if the session exists at once', () => {
    const { store, asked, opened } = open(saved);
    store.hello(hello(delta('b'), delta('c')));
    expect([store.sessionId, store.filter, store.pinned, store.messageId]).toEqual(['b', { text: 'x' }, false, 7]);
    expect(asked).toMatchObject([{ sessionId: 'b', filter: { text: 'x' } }]);
    expect(opened).toEqual([7]);
  });

  test('also if sessions come back one by one, and nothing is forgotten meanwhile', () => {
    const { store, opened } = open(saved);
    store.hello(hello());
    expect(store.saved).toEqual(saved);
    store.update(update(delta('a')));
    expect(store.sessionId).toBe('a');
    expect(store.saved).toEqual(saved);
    store.update(update(delta('b')));
    expect([store.sessionId, store.filter, store.pinned, store.messageId]).toEqual(['b', { text: 'x' }, false, 7]);
    expect(opened).toEqual([7]);
    store.update(update(delta('c')));
    expect(store.sessionId).toBe('c');
  });

  test("the user's choice meanwhile takes precedence", () => {
    const { store } = open(saved);
    store.hello(hello(delta('a')));
    store.select('a');
    store.update(update(delta('b', { full: false, meta: sessionMeta({ id: 'b', recorded: true }) })));
    store.focus({ sessionId: 'a', processId: 'p1' });
    expect([store.sessionId, store.filter]).toEqual(['a', { processId: 'p1' }]);
    expect(store.saved).toMatchObject({ sessionId: 'a', filter: { processId: 'p1' } });
  });
});
