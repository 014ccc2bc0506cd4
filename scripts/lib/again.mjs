// Second tries. Tests that drive whole programs, editors and browsers depend on a machine that others use too. One that failed is run once
// more; when it passes then, the summary names it, because a test that does so is a fault to be found. More than a few of them are no accident.

/** So many second tries a run has, in all its parts. */
const MOST = 4;

/** Names of what passed on the second try. */
export const secondTries = [];
let left = MOST;

/**
 * Runs something, and once more when it failed.
 * @template T
 * @param {string} name as the summary shows it
 * @param {() => Promise<T>} attempt
 * @param {(result: T) => boolean} passed
 * @param {(result: T) => Promise<T>} [again] what is run the second time, when that is not the same
 * @returns {Promise<T>} of the last try
 */
export async function twice(name, attempt, passed, again = attempt) {
  const first = await attempt();
  if (passed(first) || left === 0) return first;
  left--;
  console.log(`\n${name}: failed, tried once more`);
  const second = await again(first);
  if (passed(second)) secondTries.push(name);
  return second;
}
