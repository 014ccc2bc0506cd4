/** How long a pool has unfinished tasks, independent of the order in which its journals are read. */
import { expect, test } from 'vitest';
import { ActiveTime } from '../../../../server/core/model/structures/activeTime';

/** Applies submissions and ends in the given order. */
function total(...events: [kind: 'submit' | 'end', at: number][]): number {
  const time = new ActiveTime();
  let submitted = 0;
  let ended = 0;
  for (const [kind, at] of events) {
    if (kind === 'submit') submitted++;
    else ended++;
    if (kind === 'submit') time.submitted(at, ended < submitted);
    else time.ended(at, ended < submitted);
  }
  return time.total(100);
}

test('the time is the same if the ends are read before the submissions', () => {
  expect(total(['submit', 1], ['submit', 2], ['end', 5], ['end', 9])).toBe(8);
  expect(total(['end', 5], ['end', 9], ['submit', 1], ['submit', 2])).toBe(8);
  expect(total(['submit', 1], ['end', 5], ['end', 9], ['submit', 2])).toBe(8);
});

test('unfinished tasks count up to now, and idle time does not count', () => {
  expect(total(['submit', 1], ['end', 5], ['submit', 20], ['end', 25])).toBe(9);
  expect(total(['submit', 90])).toBe(10);
});

test('an interval that is read late is not counted twice', () => {
  expect(total(['submit', 1], ['end', 10], ['submit', 5], ['end', 8])).toBe(9);
});
