import { expect, test } from 'vitest';

const script = '../../scripts/lib/again.mjs';
const { failuresOfUnittest, isMiscount, twice } = (await import(script)) as {
  failuresOfUnittest(output: string): { name: string; message: string }[];
  isMiscount(name: string, message: string): boolean;
  twice<T>(
    name: string,
    attempt: () => Promise<T>,
    passed: (result: T) => boolean,
    again?: (result: T) => Promise<T>,
    final?: (result: T) => boolean,
  ): Promise<T>;
};

const OUTPUT = `..F.
======================================================================
FAIL: test_a_ring_that_cannot_grow (test_threads.Parts)
The disk is full
----------------------------------------------------------------------
Traceback (most recent call last):
  File "test_threads.py", line 108
AssertionError: 15999 != 16000

----------------------------------------------------------------------
Ran 4 tests in 0.1s

FAILED (failures=1)
`;

test('a wrong count is distinguished from a late end', () => {
  const [failure] = failuresOfUnittest(OUTPUT);
  expect(failure).toMatchObject({ name: 'test_a_ring_that_cannot_grow' });
  expect(isMiscount(failure?.name ?? '', failure?.message ?? '')).toBe(true);
  expect(isMiscount('its exit status', 'AssertionError: 1 != 0')).toBe(false);
  expect(isMiscount('it ends', 'Error: Test timed out in 60000ms.')).toBe(false);
  expect(isMiscount('all arrive', 'AssertionError: expected 399 to be 400 // Object.is equality')).toBe(true);
  expect(isMiscount('counts every event', 'Error: Test timed out in 60000ms.')).toBe(true);
});

test('a wrong count is not retried', async () => {
  let runs = 0;
  const attempt = async () => ++runs;
  const passed = (result: number) => result > 1;
  expect(await twice('a count', attempt, passed, undefined, () => true)).toBe(1);
  expect(await twice('an end', attempt, passed)).toBe(2);
  expect(runs).toBe(2);
});
