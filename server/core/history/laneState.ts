import type { WaitOperation } from '../../protocol/calls';
import * as v from '../../protocol/vocabulary';

import { GET, JOIN, LOCK, PUT, RECV, WAIT } from '../../shared/lanes';

const STATE_OF: Readonly<Record<number, number>> = {
  [v.KIND_SEND]: PUT,
  [v.KIND_PUT]: PUT,
  [v.KIND_RECV]: RECV,
  [v.KIND_GET]: GET,
  [v.KIND_POLL]: RECV,
  [v.KIND_SELECT_WAIT]: RECV,
  [v.KIND_ACQUIRE]: LOCK,
  [v.KIND_JOIN]: JOIN,
  [v.KIND_WAITPID]: JOIN,
  [v.KIND_QUEUE_JOIN]: JOIN,
  [v.KIND_WAIT]: WAIT,
};

/**
 * The state of a thread during an operation; -1: the operation never blocks.
 *
 * @param onQueue its object is a queue, whose `get` is recorded as the receive of its message
 */
export function laneState(kind: number, onQueue: boolean): number {
  if (kind === v.KIND_RECV && onQueue) return GET;
  return STATE_OF[kind] ?? -1;
}

const STATE_OF_OPERATION: Readonly<Record<WaitOperation, number>> = {
  send: PUT,
  put: PUT,
  recv: RECV,
  get: GET,
  poll: RECV,
  'connection.wait': RECV,
  acquire: LOCK,
  join: JOIN,
  waitpid: JOIN,
  'queue.join': JOIN,
  wait: WAIT,
};

/** The state of a thread in a current operation. */
export function stateOfOperation(operation: WaitOperation): number {
  return STATE_OF_OPERATION[operation];
}
