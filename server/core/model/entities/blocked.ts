import type { Call, CallTarget, WaitOperation } from '../../../protocol/calls';
import type { Channel, End } from './channel';
import type { Lock } from './lock';
import type { Pool } from './pool';
import type { Process } from './process';

/** The blocking call of a thread, with the objects involved. */
export interface Blocked {
  readonly process: Process;
  readonly thread: string;
  /** Qualified name of the thread's function; '' if unknown. */
  readonly target: string;
  readonly ident: number;
  readonly operation: WaitOperation;
  readonly channel: Channel | null;
  readonly end: End | null;
  readonly lock: Lock | null;
  /** For a wait for a result: the pool that will provide it. */
  readonly pool: Pool | null;
  /** For a wait for a process: the process, or null if unknown. */
  readonly joined: Process | null;
  readonly anyChild: boolean;
  readonly since: number;
  /** ns; null: no timeout. */
  readonly timeout: number | null;
  readonly line: number;
}

/** Whether this is the call of its process's main thread. */
export function isMain(blocked: Blocked): boolean {
  return blocked.thread === 'MainThread';
}

/** The call as written in the user's code. */
export function callOf(blocked: Blocked): Call {
  const { channel, end, joined, lock, pool } = blocked;
  // A pipe's two ends have variables of their own: "scores_in.recv()".
  const endName = end === null ? '' : (channel?.names?.[end.side] ?? '');
  return {
    operation: operationOf(blocked),
    target: targetOf(blocked),
    on: endName !== '' && pool === null ? endName : ((pool ?? channel ?? joined ?? lock)?.name ?? ''),
  };
}

function targetOf({ channel, joined, lock, pool, anyChild }: Blocked): CallTarget {
  if (pool !== null) return 'pool';
  if (channel !== null) return channel.isQueue || channel.kind === 'SimpleQueue' ? 'queue' : 'pipe';
  if (joined !== null) return 'process';
  if (lock !== null) return 'lock';
  return anyChild ? 'children' : 'unknown';
}

/** The operation as the user wrote it: a SimpleQueue's put is a send in the journal. */
function operationOf(blocked: Blocked): WaitOperation {
  const { operation, channel } = blocked;
  if (channel?.kind !== 'SimpleQueue') return operation;
  return operation === 'send' ? 'put' : operation === 'recv' ? 'get' : operation;
}
