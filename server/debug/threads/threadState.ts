/** The states of a process as a thread of the debugger, and all transitions between them. */
import type { PausedThread } from '../pauses/pausedThread';

/** Where a step ends. next: at the process's next operation. out: at the next one in the caller's code. */
type StepTarget = 'next' | 'out';

/** Several Python threads of a process may be paused at once: the first is shown, the others are shown after it. */
type Paused = readonly [PausedThread, ...PausedThread[]];

export type ThreadState =
  | { readonly kind: 'running' }
  /** It was asked to pause, and does at its next operation. */
  | { readonly kind: 'pausing' }
  /** The same, while it is blocked: it is shown as paused where it is blocked. */
  | { readonly kind: 'blocked' }
  | { readonly kind: 'stepping'; readonly how: StepTarget }
  /** paused: at an operation. frozen: the same, only because another process is stepped alone. `stepping`: another thread of the process steps. */
  | { readonly kind: 'paused' | 'frozen'; readonly threads: Paused; readonly stepping: StepTarget | null }
  | { readonly kind: 'exited' };

export type ThreadEvent =
  /** It is to pause; `isBlocked`: it is blocked now. */
  | { readonly type: 'pauseRequested'; readonly isBlocked: boolean }
  /** It is not to pause any more. */
  | { readonly type: 'pauseRevoked' }
  /** It is not blocked any more. */
  | { readonly type: 'unblocked' }
  | { readonly type: 'paused'; readonly thread: PausedThread }
  /** The shown thread is about to be resumed with a step. */
  | { readonly type: 'stepRequested'; readonly how: StepTarget }
  /** A paused thread was resumed, or is gone. */
  | { readonly type: 'left'; readonly thread: PausedThread }
  | { readonly type: 'exited' };

type Event<T extends ThreadEvent['type']> = Extract<ThreadEvent, { readonly type: T }>;
type Transitions = { readonly [T in ThreadEvent['type']]: (state: ThreadState, event: Event<T>) => ThreadState };

export const RUNNING: ThreadState = { kind: 'running' };
const EXITED: ThreadState = { kind: 'exited' };

const TRANSITIONS: Transitions = {
  pauseRequested: (state, { isBlocked }) =>
    state.kind === 'running' || state.kind === 'stepping' || state.kind === 'pausing'
      ? { kind: isBlocked ? 'blocked' : 'pausing' }
      : state,
  pauseRevoked: (state) => (state.kind === 'pausing' || state.kind === 'blocked' ? RUNNING : state),
  unblocked: (state) => (state.kind === 'blocked' ? { kind: 'pausing' } : state),
  paused: (state, { thread }) => pausedAt([...pausedOf(state), thread], null),
  stepRequested: (state, { how }) => ('threads' in state ? { ...state, stepping: how } : state),
  left: (state, { thread }) =>
    'threads' in state
      ? pausedAt(
          state.threads.filter((each) => each !== thread),
          state.stepping,
        )
      : state,
  // The sockets of its paused threads close: they leave first.
  exited: (state) => ('threads' in state ? state : EXITED),
};

export function nextState(state: ThreadState, event: ThreadEvent): ThreadState {
  const transition = TRANSITIONS[event.type] as (state: ThreadState, event: ThreadEvent) => ThreadState;
  return transition(state, event);
}

export function pausedOf(state: ThreadState): readonly PausedThread[] {
  return 'threads' in state ? state.threads : [];
}

function pausedAt([first, ...others]: readonly PausedThread[], stepping: StepTarget | null): ThreadState {
  if (first === undefined) return stepping === null ? RUNNING : { kind: 'stepping', how: stepping };
  const kind = first.info.reason.kind === 'freeze' ? 'frozen' : 'paused';
  return { kind, threads: [first, ...others], stepping };
}
