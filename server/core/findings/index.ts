/** All checks. Hang checks come in order of priority: later ones skip the processes that an earlier one has explained. */
import { bigPayload } from './big-payload';
import { bothSend } from './both-send';
import { deadLockOwner } from './dead-lock-owner';
import { deadlock } from './deadlock';
import { eofNever } from './eof-never';
import { forkWithThreads } from './fork-with-threads';
import { joinBeforeDrain } from './join-before-drain';
import { lostException } from './lost-exception';
import { noMainGuard } from './no-main-guard';
import { orphan } from './orphan';
import { pipeSharedWriter } from './pipe-shared-writer';
import { poolNotClosed } from './pool-not-closed';
import { poolWorkerDied } from './pool-worker-died';
import { slowConsumer } from './slow-consumer';
import { stuckGet } from './stuck-get';
import type { Check } from './types';
import { unpicklable } from './unpicklable';
import { zombie } from './zombie';

export const CHECKS: readonly Check[] = [
  poolWorkerDied,
  deadLockOwner,
  bothSend,
  joinBeforeDrain,
  eofNever,
  deadlock,
  stuckGet,
  noMainGuard,
  forkWithThreads,
  unpicklable,
  lostException,
  poolNotClosed,
  zombie,
  orphan,
  pipeSharedWriter,
  slowConsumer,
  bigPayload,
];
