import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Throttle } from '../../../server/shared/throttle';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('runs at once, and then at most once in each interval', () => {
  const run = vi.fn();
  const throttle = new Throttle(100, run);
  for (let i = 0; i < 5; i++) throttle.ask();
  expect(run).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(99);
  expect(run).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1);
  expect(run).toHaveBeenCalledTimes(2);
  throttle.ask();
  throttle.stop();
  vi.advanceTimersByTime(1000);
  expect(run).toHaveBeenCalledTimes(2);
});

test('a run that changed nothing does not hold up the next one', () => {
  const run = vi.fn(() => run.mock.calls.length > 1);
  const throttle = new Throttle(100, run);
  throttle.ask();
  throttle.ask();
  throttle.ask();
  expect(run).toHaveBeenCalledTimes(2);
});

test('does not run before its caller has returned where that is asked for', () => {
  const run = vi.fn();
  const throttle = new Throttle(100, run);
  throttle.askSoon();
  throttle.askSoon();
  expect(run).not.toHaveBeenCalled();
  vi.advanceTimersByTime(0);
  expect(run).toHaveBeenCalledTimes(1);
});
