import { describe, expect, test } from 'vitest';
import { RestartPolicy } from '../../../../extension/client/restartPolicy';
import { SessionMemory } from '../../../../extension/client/sessionMemory';

describe('the restart policy', () => {
  test('allows four crashes in three minutes but not a fifth', () => {
    let now = 0;
    const policy = new RestartPolicy(() => now);
    for (let crash = 0; crash < 4; crash += 1) {
      now += 1000;
      expect(policy.crashed()).toBe(true);
    }
    now += 1000;
    expect(policy.crashed()).toBe(false);
    policy.reset();
    expect(policy.crashed()).toBe(true);
  });

  test('forgets old crashes', () => {
    let now = 0;
    const policy = new RestartPolicy(() => now);
    for (let crash = 0; crash < 20; crash += 1) {
      now += 60_000;
      expect(policy.crashed()).toBe(true);
    }
  });
});

describe('the memory of sessions', () => {
  function store(initial?: unknown) {
    const kept = new Map<string, unknown>([['forkscope.openSessions', initial]]);
    return {
      get: (key: string) => kept.get(key),
      update: async (key: string, value: unknown) => void kept.set(key, value),
    };
  }
  const a = { sessionId: 'a', path: '/tmp/a' };
  const b = { sessionId: 'b', path: '/tmp/b.forkscope' };

  test('survives the window', () => {
    const kept = store();
    const memory = new SessionMemory(kept);
    memory.remember(a);
    memory.remember(b);
    memory.remember({ ...a, path: '/tmp/moved' });
    memory.forget('nobody');
    expect(new SessionMemory(kept).all).toEqual([b, { sessionId: 'a', path: '/tmp/moved' }]);
    memory.forget('b');
    expect(new SessionMemory(kept).all).toEqual([{ sessionId: 'a', path: '/tmp/moved' }]);
  });

  test.each([undefined, null, 'x', {}, [null, 7, { sessionId: 1, path: 'x' }, {}]])(
    'begins empty when what was kept is %j',
    (kept) => {
      expect(new SessionMemory(store(kept)).all).toEqual([]);
    },
  );
});
