// The parts that vitest runs.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { isMiscount, twice } from '../lib/again.mjs';
import { OUT } from '../lib/bundle.mjs';
import { pythons } from '../lib/pythons.mjs';
import { AT_ONCE, bin, node, run, skipped, totals } from '../lib/results.mjs';
import { say } from '../lib/tools.mjs';

/**
 * One run of vitest.
 * @param {string} project of vitest.config.mts, whose name the results have
 * @param {readonly string[]} what files of it, and which of their tests; all if empty
 * @returns {Promise<{status: number, found: object|null}>} found: what its JSON reporter wrote
 */
async function vitestRun(project, env, what) {
  const results = join(OUT, `vitest-${project}.json`);
  rmSync(results, { force: true });
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${results}`];
  const { status } = await run(
    node,
    [bin('vitest', 'vitest.mjs'), 'run', '--project', project, ...what, ...reporters],
    {
      // By default vitest leaves one processor free: on two processors the files would run one after the other.
      env: { VITEST_MAX_WORKERS: String(AT_ONCE), ...env },
      results,
    },
  );
  return { status, found: existsSync(results) ? JSON.parse(readFileSync(results, 'utf8')) : null };
}

/** A test that failed is run alone once more. @returns {Promise<boolean>} whether it passed then */
async function passesAlone(project, env, first, test) {
  const path = [...test.ancestorTitles, test.title].join(' > ');
  const alone = [test.file, '-t', `^${path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`];
  const good = (result) => result !== first && result.found?.numFailedTests === 0 && result.found.numPassedTests > 0;
  const last = await twice(
    `test/${project}: ${test.fullName}`,
    async () => first,
    good,
    () => vitestRun(project, env, alone),
    () => isMiscount(test.title, test.failureMessages.join('\n')),
  );
  return good(last);
}

/** Runs one project: the folder of that name under test/. */
async function vitest(project, { env = {}, again = true } = {}) {
  const first = await vitestRun(project, env, []);
  if (first.found === null) {
    totals.failed++;
    return;
  }
  const each = first.found.testResults.flatMap((file) =>
    file.assertionResults.map((test) => ({ file: file.name, ...test })),
  );
  for (const test of each)
    if (test.status === 'pending' || test.status === 'skipped') skipped.push(`test/${project}: ${test.fullName}`);
  const failures = each.filter((test) => test.status === 'failed');
  let { numFailedTests: failed } = first.found;
  if (again) for (const test of failures) if (await passesAlone(project, env, first, test)) failed--;
  const passed = first.found.numPassedTests + failures.length - failed;
  totals.passed += passed;
  totals.failed += failed;
  // An error outside of every test.
  if (first.status !== 0 && failures.length === 0) totals.failed++;
  say(`vitest test/${project}: ${passed} passed, ${failed} failed`);
}

/** Unit tests depend on nothing outside: a failure has a reason. */
export function unit() {
  return vitest('unit', { again: false });
}
/** Tests with real processes. A failure has a reason here too: there is no second try. */
export function integration() {
  return vitest('integration', { again: false });
}
export function answers() {
  return vitest('answers', { env: pythonsInEnvironment() });
}
export function dap() {
  return vitest('dap', { env: pythonsInEnvironment() });
}
/** A short part of `npm run test:faults`. */
export async function faults() {
  if (process.platform === 'linux') await vitest('faults', { env: { VITEST_MAX_WORKERS: '2' } });
  else skipped.push('faults: they need Linux');
}

function pythonsInEnvironment() {
  const found = pythons().filter((each) => each.minor >= 8 && !each.free);
  return { FORKSCOPE_TEST_PYTHONS: found.map((each) => each.path).join(delimiter) };
}
