import { describe, expect, test } from 'vitest';
import type { PausedThread } from '../../../../server/debug/pauses/pausedThread';
import { nextState, RUNNING, type ThreadEvent, type ThreadState } from '../../../../server/debug/threads/threadState';

const thread = (kind: string): PausedThread => ({ info: { reason: { kind } } }) as unknown as PausedThread;
const reach = (...events: ThreadEvent[]): ThreadState => events.reduce(nextState, RUNNING);

const a = thread('line');
const b = thread('line');
const pause = (isBlocked = false): ThreadEvent => ({ type: 'pauseRequested', isBlocked });
const paused = (which: PausedThread): ThreadEvent => ({ type: 'paused', thread: which });
const left = (which: PausedThread): ThreadEvent => ({ type: 'left', thread: which });
const step = (how: 'next' | 'out'): ThreadEvent => ({ type: 'stepRequested', how });

describe('a process as a thread of the debugger', () => {
  test('pauses at its next operation when it is asked to, and not when that is taken back', () => {
    expect(reach(pause())).toEqual({ kind: 'pausing' });
    expect(reach(pause(), paused(a))).toEqual({ kind: 'paused', threads: [a], stepping: null });
    expect(reach(pause(), { type: 'pauseRevoked' })).toEqual(RUNNING);
  });

  test('is shown at once where it is blocked, and pauses once it is not', () => {
    expect(reach(pause(true))).toEqual({ kind: 'blocked' });
    expect(reach(pause(), pause(true))).toEqual({ kind: 'blocked' });
    expect(reach(pause(true), { type: 'unblocked' })).toEqual({ kind: 'pausing' });
    expect(reach(pause(true), { type: 'pauseRevoked' })).toEqual(RUNNING);
  });

  test('shows its paused threads one after the other', () => {
    expect(reach(paused(a), paused(b))).toEqual({ kind: 'paused', threads: [a, b], stepping: null });
    expect(reach(paused(a), paused(b), left(a))).toEqual({ kind: 'paused', threads: [b], stepping: null });
    expect(reach(paused(a), paused(b), left(b))).toEqual({ kind: 'paused', threads: [a], stepping: null });
    expect(reach(paused(a), paused(b), left(a), left(b))).toEqual(RUNNING);
  });

  test('steps until it pauses again, also while another thread of it is paused', () => {
    expect(reach(paused(a), step('out'), left(a))).toEqual({ kind: 'stepping', how: 'out' });
    expect(reach(paused(a), step('next'), left(a), paused(a))).toEqual({
      kind: 'paused',
      threads: [a],
      stepping: null,
    });
    expect(reach(paused(a), paused(b), step('next'), left(a))).toEqual({
      kind: 'paused',
      threads: [b],
      stepping: 'next',
    });
    expect(reach(paused(a), step('next'), left(a), pause())).toEqual({ kind: 'pausing' });
  });

  test('is frozen where it paused only for another one to be stepped', () => {
    const frozen = thread('freeze');
    expect(reach(paused(frozen))).toMatchObject({ kind: 'frozen' });
    expect(reach(paused(frozen), paused(a), left(frozen))).toMatchObject({ kind: 'paused' });
  });

  test('is not asked to pause while it is paused, and has exited only once its paused threads left', () => {
    expect(reach(paused(a), pause(true))).toMatchObject({ kind: 'paused', threads: [a] });
    expect(reach(paused(a), { type: 'exited' })).toMatchObject({ kind: 'paused' });
    expect(reach(paused(a), left(a), { type: 'exited' })).toEqual({ kind: 'exited' });
    expect(reach(pause(), { type: 'exited' })).toEqual({ kind: 'exited' });
  });

  test('stays exited, whatever is asked of it', () => {
    const exited = reach({ type: 'exited' });
    for (const event of [pause(), step('next'), left(a), { type: 'unblocked' } as const])
      expect(nextState(exited, event)).toEqual({ kind: 'exited' });
  });
});
