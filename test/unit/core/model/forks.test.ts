import { expect, test } from 'vitest';
import { forkWithThreads } from '../../../../server/core/findings/fork-with-threads';
import type { CheckContext } from '../../../../server/core/findings/types';
import { applyImage } from '../../../../server/core/model/apply/image';
import { applyRecord } from '../../../../server/core/model/apply/record';
import { SessionModel } from '../../../../server/core/model/state/sessionModel';
import { META } from '../../fakes/session';

const [MAIN, HANDLER] = [11, 12];

/** A pool's thread forks a worker while the main thread runs; the main thread may fork between the two records. */
function forks(mainForks: 'between' | 'never') {
  const model = new SessionModel(META);
  const main = applyImage(model, 1, 1, 0, 1000);
  const record = (type: string, rest: object) => applyRecord(model, main, { type, t: 1000, ...rest });
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
  return { model, found: forkWithThreads.check({ model, now: 2e9 } as CheckContext) };
}

test.each(['between', 'never'] as const)(
  'a fork is checked against the threads of its own moment (main forks %s)',
  (how) => {
    const { model, found } = forks(how);
    const known = model.threadedForks.map(({ child, threads }) => [child.pid, threads.map((each) => each.name)]);
    const handlers = [3, ['MainThread']];
    expect(known).toEqual(how === 'between' ? [[2, ['Thread-1']], handlers] : [handlers]);
    expect(found).toEqual([]);
  },
);

/** In C a child may fork before its own first event, at which its journal begins: later than its child's. */
test('a parent forked by C code has its child, whenever its own journal begins', () => {
  const model = new SessionModel(META);
  const begin = (pid: number, uid: number, parentUid: number, at: number, ppid: number) => {
    const image = applyImage(model, pid, uid, parentUid, at, ppid);
    applyRecord(model, image, { type: 'process', t: at, argv: ['s.py'], python: '3.11', loc: 0 });
    return image.process;
  };
  const main = begin(1000, 1, 0, 1000, 1);
  const grandchild = begin(1002, 2, 1, 2000, 1001);
  expect(grandchild.parent).toBe(main);
  const child = begin(1001, 3, 1, 3000, 1000);
  expect([child.parent, grandchild.parent]).toEqual([main, child]);
  const late = begin(1003, 4, 1, 4000, 1001);
  expect(late.parent).toBe(child);
  const daemon = begin(1004, 5, 1, 5000, 1);
  expect([daemon.parent, daemon.origin]).toEqual([main, 'fork']);
});

test('a program started by a shell is the shell’s child', () => {
  const model = new SessionModel(META);
  const main = applyImage(model, 1000, 1, 0, 1000, 1);
  applyRecord(model, main, { type: 'process', t: 1000, argv: ['s.py'], python: '3.11' });
  applyRecord(model, main, {
    type: 'spawn',
    t: 1500,
    pid: 1001,
    argv: ['sh', '-c', 'python x.py; true'],
    loc: 0,
    call: 'subprocess',
  });
  const image = applyImage(model, 1002, 2, 0, 2000, 1001);
  applyRecord(model, image, { type: 'process', t: 2000, argv: ['python', 'x.py'], python: '3.11' });
  expect(image.process.parent?.name).toBe('sh');
  expect(image.process.parent?.parent).toBe(main.process);
});
