import { expect, test } from 'vitest';
import { forkWithThreads } from '../../../server/findings/fork-with-threads';
import type { Scene } from '../../../server/findings/types';
import { SessionModel } from '../../../server/model/model';
import { META } from '../fakes/session';

const [MAIN, HANDLER] = [11, 12];

/** A pool's thread forks a worker while the main thread runs; the main thread may fork between the two records of that. */
function forks(mainForks: 'between' | 'never') {
  const model = new SessionModel(META);
  const main = model.addImage(1, 1, 0, 1000);
  const record = (type: string, rest: object) => model.record(main, { type, t: 1000, ...rest });
  record('process', { argv: ['s.py'], python: '3.11' });
  record('loc', { id: 1, file: '/s.py', line: 5, func: 'main' });
  record('loc', { id: 2, file: '/s.py', line: 9, func: 'work' });
  const others = [{ name: 'MainThread', target: '', loc: 2 }];
  record('forkThreads', { thread: HANDLER, others });
  const handlers = [{ name: 'Thread-1', target: 'multiprocessing.pool.Pool._handle_workers', loc: 0 }];
  if (mainForks === 'between') {
    record('forkThreads', { thread: MAIN, others: handlers });
    record('fork', { thread: MAIN, pid: 2, loc: 1, call: 'fork' });
  }
  record('fork', { thread: HANDLER, pid: 3, loc: 0, call: 'fork' });
  return { model, found: forkWithThreads.check({ model, now: 2e9 } as Scene) };
}

test.each(['between', 'never'] as const)(
  'a fork is held against the threads of its own moment (main forks %s)',
  (how) => {
    const { model, found } = forks(how);
    const known = model.threadedForks.map(({ child, threads }) => [child.pid, threads.map((each) => each.name)]);
    const handlers = [3, ['MainThread']];
    expect(known).toEqual(how === 'between' ? [[2, ['Thread-1']], handlers] : [handlers]);
    expect(found).toEqual([]);
  },
);
