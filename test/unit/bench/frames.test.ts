import { expect, test } from 'vitest';
import { latenciesOf } from '../../bench/frames';

const PUTS = [1000.4, 1100.2, 1200.8];

test('each put is matched to the first frame that counts it', () => {
  const frames = [
    { at: 1030, count: 1 },
    { at: 1250, count: 3 },
    { at: 1300, count: 4 },
  ];
  expect(latenciesOf(PUTS, frames).map(Math.round)).toEqual([30, 150, 49]);
});

test('a frame of the same millisecond does not precede its put', () => {
  expect(latenciesOf([1000.4], [{ at: 1000, count: 1 }])).toEqual([0]);
});

test.each([
  ['a put that had not begun', [{ at: 1050, count: 2 }]],
  ['more than there were', [{ at: 1300, count: 115 }]],
  [
    'a count that goes back',
    [
      { at: 1150, count: 2 },
      { at: 1160, count: 1 },
    ],
  ],
  ['no number', [{ at: 1150, count: Number.NaN }]],
  ['a put that is never counted', [{ at: 1250, count: 2 }]],
])('rejects %s', (_, frames) => {
  expect(() => latenciesOf(PUTS, frames)).toThrow(/^The panel/);
});
