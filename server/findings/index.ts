/** All checks. Those of hangs come in the order of their worth: what one has explained the later ones leave alone. */
import { bothSend } from './both-send';
import { deadLockOwner } from './dead-lock-owner';
import { deadlock } from './deadlock';
import { eofNever } from './eof-never';
import { joinBeforeDrain } from './join-before-drain';
import { poolWorkerDied } from './pool-worker-died';
import { stuckGet } from './stuck-get';
import type { Check } from './types';

export const CHECKS: readonly Check[] = [
  poolWorkerDied,
  deadLockOwner,
  bothSend,
  joinBeforeDrain,
  eofNever,
  deadlock,
  stuckGet,
];
