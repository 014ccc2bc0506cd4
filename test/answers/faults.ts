/** The programs with a fault, and the expected finding of each. */
import { join } from 'node:path';
import type { Finding } from '../../server/protocol/views';
import { PROGRAMS } from './run';

export const FAULTS = join(PROGRAMS, 'faults');
export const BOTH = ['fork', 'spawn'];

export interface Fault {
  readonly code: Finding['code'];
  /** Names of all processes concerned; 'main' for the main one. */
  readonly processes: readonly string[];
  /** Comments at the lines that it must show, in order. */
  readonly lines: readonly string[];
  readonly methods?: readonly string[];
  /** Pattern of the sentence. */
  readonly says?: RegExp;
}

export const CASES: Readonly<Record<string, Fault>> = {
  join_before_drain: { code: 'join-before-drain', processes: ['main', 'worker'], lines: ['join', 'put'] },
  both_send: { code: 'both-send', processes: ['main', 'worker'], lines: ['parent sends', 'child sends'] },
  deadlock: { code: 'deadlock', processes: ['main', 'worker'], lines: ['parent acquires', 'child acquires'] },
  join_consumers: { code: 'deadlock', processes: ['main', 'consumer-0', 'consumer-1'], lines: ['parent', 'consumer'] },
  nested_pool: {
    code: 'deadlock',
    processes: ['main'],
    lines: ['inside'],
    methods: ['fork'],
    says: /all 2 threads of/,
  },
  eof_never: { code: 'eof-never', processes: ['main'], lines: ['reads'], says: /open itself/ },
  dead_lock_owner: {
    code: 'dead-lock-owner',
    processes: ['owner', 'main'],
    lines: ['waiter', 'owner'],
    says: /SIGKILL/,
  },
  dead_writer: {
    code: 'dead-lock-owner',
    processes: ['big', 'small', 'main'],
    lines: ['put', 'reads'],
    says: /died in the middle of a write to 'queue', holding its write lock.* 1 item cannot be written any more/,
  },
  dead_writer_exit: {
    code: 'dead-lock-owner',
    processes: ['big', 'small'],
    lines: ['put'],
    says: /big \(pid \d+, exited with code 0\) died in the middle of a write/,
  },
  pool_worker_died: { code: 'pool-worker-died', processes: ['worker', 'main'], lines: ['waits', 'submitted', 'made'] },
  stuck_get: { code: 'stuck-get', processes: ['main', 'producer'], lines: ['waits'], says: /exited with code 3/ },
  no_main_guard: {
    code: 'no-main-guard',
    processes: ['worker', 'main'],
    lines: ['made', 'started'],
    methods: ['spawn'],
  },
  fork_with_threads: {
    code: 'fork-with-threads',
    processes: ['main', 'worker'],
    lines: ['fork', 'thread'],
    methods: ['fork'],
    says: /has done nothing since/,
  },
  unpicklable: { code: 'unpicklable', processes: ['main'], lines: ['put'], says: /1 item/ },
  unpicklable_target: { code: 'unpicklable', processes: ['main'], lines: ['start'], methods: ['spawn'] },
  pool_not_closed: { code: 'pool-not-closed', processes: ['main'], lines: ['made'] },
  lost_exception: { code: 'lost-exception', processes: ['main'], lines: ['submitted'], says: /1 task work/ },
  zombie: { code: 'zombie', processes: ['main', 'worker'], lines: ['start'] },
  orphan: { code: 'orphan', processes: ['worker', 'main'], lines: ['start'] },
  pipe_shared_writer: { code: 'pipe-shared-writer', processes: ['writer-0', 'writer-1'], lines: ['sends'] },
  slow_consumer: { code: 'slow-consumer', processes: ['consumer', 'main'], lines: ['puts', 'takes'] },
  big_payload: { code: 'big-payload', processes: ['main'], lines: ['put'] },
};
