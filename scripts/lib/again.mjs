// Second tries. Tests that drive whole programs, editors and browsers depend on a machine that others use too. One that failed is run once
// more; when it passes then, the summary names it, because a test that does so is a fault to be found. More than a few of them are no accident.
// A wrong count is never tried again: load makes a program late, but an event that is missing was lost by us.

/** So many second tries a run has, in all its parts. */
const MOST = 4;

/** Names of what passed on the second try. */
export const secondTries = [];
let left = MOST;

/** Assertions of unittest and of vitest that compare two integers. */
const COMPARED = /AssertionError: (?:Lists|Tuples)? ?(\d+) != (\d+)|expected (\d+) to (?:be|equal|deeply equal) (\d+)/g;
const NAMES = /count|every|lost|total/i;

/**
 * Whether a test that failed is one of counts: its name says so, or its assertion compares numbers that are no exit status.
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
 * Runs something, and once more when it failed.
 * @template T
 * @param {string} name as the summary shows it
 * @param {() => Promise<T>} attempt
 * @param {(result: T) => boolean} passed
 * @param {(result: T) => Promise<T>} [again] what is run the second time, when that is not the same
 * @param {(result: T) => boolean} [final] whether this failure is one that is not tried again
 * @returns {Promise<T>} of the last try
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
