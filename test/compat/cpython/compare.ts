/** Test by test: what differs between a suite that ran bare and the same one under Forkscope, and what that means. */

/** Outcomes of each test; a test that runs more than once under one name has more than one, sorted. */
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
 * How long each test took, in seconds, with what its class did before it and the one before it after.
 * @param text as for `read`, with the seconds as a third column
 * @param total seconds of the whole run; what is left of them counts for `END`
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

/** What a suite does when its last test is done. */
const END = 'the end';

export interface Slow {
  readonly test: string;
  /** Seconds, in the whole suite. */
  readonly bare: number;
  readonly forkscope: number;
}

/** Tests that end alike, and took much longer one way: something waited until it was given up. */
export function slow(bare: ReadonlyMap<string, number>, forkscope: ReadonlyMap<string, number>): Slow[] {
  return [...forkscope]
    .map(([test, seconds]) => ({ test, bare: Math.round(bare.get(test) ?? 0), forkscope: Math.round(seconds) }))
    .filter((each) => bare.has(each.test) && Math.abs(each.forkscope - each.bare) >= MUCH_LONGER);
}

/** Seconds. The tests' own time-outs are 30 seconds and more; a busy machine makes whole suites slower, not one test. */
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

/** Failures that are the same without us: a machine without a network, a test that this version of the system breaks. */
export function failedAlike(bare: Outcomes, forkscope: Outcomes): string[] {
  const bad = (outcome: string | undefined) => outcome !== undefined && /failed|error|unexpected/.test(outcome);
  return [...bare].filter(([test, all]) => bad(all) && forkscope.get(test) === all).map(([test]) => test);
}

/**
 * `unsteady`: bare, too, it has each of the outcomes. `once`: it differed in the whole suite, and in none of the repeats.
 * `differs`: Forkscope's doing, as far as can be told.
 */
export type Verdict = 'unsteady' | 'once' | 'differs';

/** @param bare all outcomes without us, the first run's and those of the repeats; @param forkscope the same with us */
export function judge(bare: readonly string[], forkscope: readonly string[]): Verdict {
  const without = new Set(bare);
  if (forkscope.every((each) => without.has(each))) return 'unsteady';
  if (without.size > 1) return 'unsteady';
  const same = forkscope.slice(1).every((each) => without.has(each));
  return same && forkscope.length > 1 ? 'once' : 'differs';
}
