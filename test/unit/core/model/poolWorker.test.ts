import { expect, test } from 'vitest';
import { PoolWorker } from '../../../../server/core/model/entities/poolWorker';
import type { Image } from '../../../../server/core/model/entities/process';

const worker = () => new PoolWorker(0, {} as Image, 0, '');

test('a worker has one task, and the next one takes its place', () => {
  const one = worker();
  one.begin(1, 100, false);
  expect([one.finish(1, 130), one.task, one.busyNs]).toEqual([true, -1, 30]);
  one.begin(2, 200, false);
  one.begin(3, 300, false); // the end of the one before was lost
  expect([one.has(2), one.has(3), one.since]).toEqual([false, true, 300]);
  expect([one.finish(2, 310), one.task, one.busyNs]).toEqual([false, -1, 30]);
});

test('one that runs several tasks at a time is busy from the first to the last of them', () => {
  const one = worker();
  for (const task of [1, 2, 3]) one.begin(task, task * 100, true);
  expect([one.task, one.since, one.has(1), one.has(2)]).toEqual([3, 100, true, true]);
  expect([one.finish(3, 400), one.finish(1, 450), one.has(2), one.task, one.busyNs]).toEqual([true, true, true, 2, 0]);
  expect([one.finish(9, 460), one.task]).toEqual([false, -1]);
});
