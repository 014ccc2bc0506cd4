/** A call that a thread is in, as data: `server/shared/text/calls.ts` makes the text. */

export type WaitOperation =
  | 'put'
  | 'get'
  | 'send'
  | 'recv'
  | 'poll'
  | 'join'
  | 'queue.join'
  | 'acquire'
  | 'wait'
  | 'waitpid'
  | 'connection.wait';

/**
 * What a call is about. `lock` stands for every synchronisation primitive (Lock, Event, Condition, …), `pool` for a result of
 * a pool's, `children` for any child of the process.
 */
export type CallTarget = 'queue' | 'pipe' | 'process' | 'lock' | 'pool' | 'children' | 'unknown';

export interface Call {
  readonly operation: WaitOperation;
  readonly target: CallTarget;
  /** The name of its target as the user knows it ("tasks", "worker-1"); '' when it has none. */
  readonly on: string;
}
