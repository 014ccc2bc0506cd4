import { expect, test } from 'vitest';
import { baseName, bytes, count, duration, elapsed, fullCount, moment, rate } from '../../../server/shared/format';

test.each([
  [-5, '0.0 s'],
  [449, '0.4 s'],
  [3200, '3.2 s'],
  [9999, '9.9 s'],
  [10_000, '10 s'],
  [59_999, '59 s'],
  [185_000, '3 min 05 s'],
  [7_620_000, '2 h 07 min'],
])('after %i ms it is %s', (ms, expected) => {
  expect(elapsed(ms)).toBe(expected);
});

test('numbers are exact while they are short', () => {
  expect([0, 99_999, 1_234_567].map(count)).toEqual(['0', '99999', '1.2M']);
  expect([0.46, 9.96, 119.6, 2_000_000].map(rate)).toEqual(['0.5', '10', '120', '2M']);
  expect([0, 1023, 1536, 25 * 2 ** 20].map(bytes)).toEqual(['0 B', '1023 B', '1.5 KiB', '25 MiB']);
});

test.each([
  [-1, '0 µs'],
  [0, '0 µs'],
  [0.000_04, '0.0 µs'],
  [0.0042, '4.2 µs'],
  [0.009_96, '10 µs'],
  [0.95, '950 µs'],
  [0.9996, '1.0 ms'],
  [1.24, '1.2 ms'],
  [9.96, '10 ms'],
  [340.4, '340 ms'],
  [999.6, '1.0 s'],
  [1290, '1.2 s'],
  [61_000, '1 min 01 s'],
])('%d ms took %s', (ms, expected) => {
  expect(duration(ms)).toBe(expected);
});

test('times are exact to the millisecond', () => expect(moment(12_345.4)).toBe('12.345 s'));

test('where there is room a count has all its digits', () =>
  expect(fullCount(1_234_567).replace(/\D/g, '')).toBe('1234567'));

test.each([
  ['/a/b.py', 'b.py'],
  ['C:\\a\\b.py', 'b.py'],
  ['b.py', 'b.py'],
  ['/a/', '/a/'],
])('the last part of %s is %s', (path, expected) => {
  expect(baseName(path)).toBe(expected);
});
