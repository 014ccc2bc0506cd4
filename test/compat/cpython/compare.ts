/** Compares a suite run bare with the same one under Forkscope, test by test, and judges the differences. */

/** Outcomes of each test; a test that runs more than once under one name has several, sorted. */
export type Outcomes = ReadonlyMap<string, string>;

export const NOT_RUN = 'not run';

/** @param text lines of outcome, tab, test */
export function read(text: string): Outcomes {
  const found = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [outcome, test] = line.split('\t');
    if (outcome === undefined || test === undefined) continue;
    found.set(test, [...(found.get(test) ?? []), outcome]);
  }
  return new Map([...found].map(([test, all]) => [test, all.sort().join(' + ')]));
}

/**
 * How long each test took, in seconds, including its class's setup before it and the teardown after the previous one.
 * @param text as for `read`, with the seconds as a third column
 * @param total seconds of the whole run; the remainder counts for `END`
 */
export function durations(text: string, total: number): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  let left = total;
  for (const line of text.split('\n')) {
    const [, test, seconds] = line.split('\t');
    if (test === undefined || seconds === undefined) continue;
    found.set(test, (found.get(test) ?? 0) + Number(seconds));
    left -= Number(seconds);
  }
  return found.set(END, left);
}

/** The work of a suite after its last test. */
const END = 'the end';

export interface Slow {
  readonly test: string;
  /** Seconds, in the whole suite. */
  readonly bare: number;
  readonly forkscope: number;
}

/** Tests with equal outcomes that took much longer one way: something waited until it timed out. */
export function slow(bare: ReadonlyMap<string, number>, forkscope: ReadonlyMap<string, number>): Slow[] {
  return [...forkscope]
    .map(([test, seconds]) => ({ test, bare: Math.round(bare.get(test) ?? 0), forkscope: Math.round(seconds) }))
    .filter((each) => bare.has(each.test) && Math.abs(each.forkscope - each.bare) >= MUCH_LONGER);
}

/** Seconds. The tests' own timeouts are ≥ 30 s; a busy machine slows down whole suites, not one test. */
const MUCH_LONGER = 25;

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export function count(outcomes: Outcomes): Counts {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const all of outcomes.values())
    for (const each of all.split(' + ')) {
      if (each === 'skipped') counts.skipped++;
      else if (each === 'passed' || each === 'expected failure') counts.passed++;
      else counts.failed++;
    }
  return counts;
}

interface Difference {
  readonly test: string;
  readonly bare: string;
  readonly forkscope: string;
}

export function differences(bare: Outcomes, forkscope: Outcomes): Difference[] {
  const tests = [...new Set([...bare.keys(), ...forkscope.keys()])].sort();
  return tests
    .map((test) => ({ test, bare: bare.get(test) ?? NOT_RUN, forkscope: forkscope.get(test) ?? NOT_RUN }))
    .filter((each) => each.bare !== each.forkscope);
}

/**
 * Failures that also occur without Forkscope: a machine without a network, a test broken by this version of the system.
 */
export function failedAlike(bare: Outcomes, forkscope: Outcomes): string[] {
  const bad = (outcome: string | undefined) => outcome !== undefined && /failed|error|unexpected/.test(outcome);
  return [...bare].filter(([test, all]) => bad(all) && forkscope.get(test) === all).map(([test]) => test);
}

/**
 * `unsteady`: bare runs have each of the outcomes, too. `once`: it differed in the whole suite, and in none of the
 * repeats. `differs`: caused by Forkscope, as far as can be determined.
 */
export type Verdict = 'unsteady' | 'once' | 'differs';

/** @param bare all outcomes of bare runs, the first and the repeats; @param forkscope the same under Forkscope */
export function judge(bare: readonly string[], forkscope: readonly string[]): Verdict {
  const without = new Set(bare);
  if (forkscope.every((each) => without.has(each))) return 'unsteady';
  if (without.size > 1) return 'unsteady';
  const same = forkscope.slice(1).every((each) => without.has(each));
  return same && forkscope.length > 1 ? 'once' : 'differs';
}
