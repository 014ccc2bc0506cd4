/** What CPython's suites do wrong on purpose: such findings are right. Any other finding is a false alarm. */
import type { FindingCode } from '../../../server/protocol/views';

interface Provoked {
  readonly code: FindingCode;
  /** Matches one of the functions at its lines. */
  readonly where: RegExp;
  readonly why: string;
}

const PROVOKED: readonly Provoked[] = [
  {
    code: 'unpicklable',
    where: /^_TestQueue\.test_queue_feeder_(donot_stop_onexc|on_queue_feeder_error)/,
    why: 'puts what raises when it is pickled',
  },
  {
    code: 'fork-with-threads',
    where: /^_TestCondition\./,
    why: 'starts threads and processes in turns',
  },
  {
    code: 'fork-with-threads',
    where: /^(ForkTest|ForkWait)\./,
    why: 'forks while threads run: that is what it tests',
  },
  {
    code: 'pool-not-closed',
    where: /^pool_in_process$/,
    why: 'of Python 2.7: makes a pool in a process and drops it',
  },
  {
    code: 'pool-worker-died',
    where: /^ExecutorDeadlockTest\./,
    why: 'crashes workers with a segmentation fault',
  },
];

export function provoked(code: string, places: readonly string[]): Provoked | undefined {
  return PROVOKED.find((each) => each.code === code && places.some((place) => each.where.test(place)));
}
