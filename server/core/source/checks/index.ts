import { eofNever } from './eof-never';
import { forkWithThreads } from './fork-with-threads';
import { joinBeforeDrain } from './join-before-drain';
import { lostException } from './lost-exception';
import { noMainGuard } from './no-main-guard';
import { poolNotClosed } from './pool-not-closed';
import { qsizeUnreliable } from './qsize-unreliable';
import type { Check } from './types';
import { unpicklable } from './unpicklable';

export const CHECKS: readonly Check[] = [
  noMainGuard,
  poolNotClosed,
  joinBeforeDrain,
  unpicklable,
  lostException,
  qsizeUnreliable,
  forkWithThreads,
  eofNever,
];
