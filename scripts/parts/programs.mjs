// Other programs' tests and random ones, bare and under Forkscope: what each script counts in its last line.
import { pythons } from '../lib/pythons.mjs';
import { add, node, run, skipped, step } from '../lib/results.mjs';

/**
 * Programs of the standard library's multiprocess APIs, with and without Forkscope. `npm run test:compat` also runs
 * those of libraries.
 */
export async function compat() {
  const { status, output } = await run(node, ['scripts/compat.mjs', '--stdlib', '--rounds', '2']);
  const [, same, other] = /^(\d+) the same, (\d+) not/m.exec(output) ?? [];
  const left = /^SKIPPED: (.+)/m.exec(output);
  if (left) skipped.push(`compat: ${left[1]}`);
  add(same, other, status);
}

/**
 * Some of CPython's own tests, bare and under Forkscope, on the newest Python that includes them. `npm run
 * test:cpython` runs all.
 */
export async function cpython() {
  const { status, output } = await run(node, ['scripts/cpython.mjs', '--quick']);
  const [, equal, different] = /^(\d+) equal, (\d+) different/m.exec(output) ?? [];
  const left = /^SKIPPED: (.+)/m.exec(output);
  if (left) skipped.push(`cpython: ${left[1]}`);
  add(equal, different, status);
}

/** Thirty random programs; `npm run test:random` runs any number. A wrong count is never retried. */
export async function random() {
  if (process.platform !== 'linux') {
    skipped.push('random: it needs Linux');
    return;
  }
  const newest = pythons().at(-1)?.path ?? 'python3';
  await step('the machine of the random programs', newest, ['-B', 'test/random/test_machine.py']);
  const shared = ['--jobs', '2', '--restart', '--shrink', '20', '--no-build'];
  for (const part of [
    ['--seed', '1', '--runs', '10', '--method', 'fork'],
    ['--seed', '11', '--runs', '6', '--method', 'spawn'],
    ['--seed', '17', '--runs', '6', '--method', 'forkserver'],
    ['--seed', '23', '--runs', '8', '--native'],
  ]) {
    const { status, output } = await run(node, ['scripts/random.mjs', ...part, ...shared]);
    const [, passed, failed] = /^(\d+) passed, (\d+) failed/m.exec(output) ?? [];
    add(passed, failed, status);
  }
}

/** Hostile pickles, journals and recordings: a few seconds, always the same. `npm run fuzz` generates any number. */
export async function fuzz() {
  await step('fuzz', node, ['scripts/fuzz.mjs', '--runs', '20000', '--seed', '1']);
}
