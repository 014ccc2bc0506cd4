// Second attempts. Tests that drive whole programs, editors and browsers depend on a machine with other load. A failed
// test is run once more; if it passes then, the summary names it, because a flaky test is a fault to be found. More
// than a few are not accidental.
// A wrong count is never retried: load delays a program, but a missing event was lost by us.

/** Maximum number of second attempts in a run, over all parts. */
const MOST = 4;

/** Names of tests that passed on the second attempt. */
export const secondTries = [];
let left = MOST;

/** Assertions of unittest and of vitest that compare two integers. */
const COMPARED = /AssertionError: (?:Lists|Tuples)? ?(\d+) != (\d+)|expected (\d+) to (?:be|equal|deeply equal) (\d+)/g;
const NAMES = /count|every|lost|total/i;

/**
 * Whether a failed test is about counts: by its name, or because its assertion compares numbers other than exit
 * statuses.
 * @param {string} name of the test
 * @param {string} message of its failure
 */
export function isMiscount(name, message) {
  const pairs = [...message.matchAll(COMPARED)].map((found) => found.slice(1).filter((each) => each !== undefined));
  return NAMES.test(name) || pairs.some((pair) => pair.some((each) => Number(each) > 9));
}

/**
 * The failed tests in the output of Python's unittest.
 * @param {string} output
 * @returns {{name: string, message: string}[]}
 */
export function failuresOfUnittest(output) {
  return output
    .split(/^={70}$/m)
    .slice(1)
    .map((text) => ({ name: /^(?:FAIL|ERROR): (\S+)/m.exec(text)?.[1] ?? '', message: text }));
}

/**
 * Runs something, and once more if it failed.
 * @template T
 * @param {string} name as shown in the summary
 * @param {() => Promise<T>} attempt
 * @param {(result: T) => boolean} passed
 * @param {(result: T) => Promise<T>} [again] the second attempt, if different
 * @param {(result: T) => boolean} [final] whether this failure is not retried
 * @returns {Promise<T>} of the last attempt
 */
export async function twice(name, attempt, passed, again = attempt, final = () => false) {
  const first = await attempt();
  if (passed(first) || left === 0 || final(first)) return first;
  left--;
  console.log(`\n${name}: failed, tried once more`);
  const second = await again(first);
  if (passed(second)) secondTries.push(name);
  return second;
}
