// The runtime's own tests, on every Python that this machine has.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { buildAccelerator } from '../lib/accelerator.mjs';
import { failuresOfUnittest, isMiscount, twice } from '../lib/again.mjs';
import { findPython2, pythons } from '../lib/pythons.mjs';
import { AT_ONCE, eachBeside, run, skipped, totals } from '../lib/results.mjs';
import { ROOT, say } from '../lib/tools.mjs';

const FOLDER = join(ROOT, 'test/runtime');

/** Beside the oldest and the newest Python, the ones that run every test: the oldest whose frames the accelerator reads itself. */
const WHOLE = [11];

/**
 * What depends on the interpreter and its library: the other Pythons run these. Not on them: what the system does (limits, disks, users,
 * environments), the journal's own rules, and programs of Python 2.7, which behave the same under any launcher.
 */
const BY_VERSION = [
  'accelerator',
  'channels',
  'fidelity',
  'forks_in_c',
  'futures',
  'libraries',
  'locks',
  'meetings',
  'pools',
  'processes',
  'threads',
  'unread',
  'versions',
].map((each) => `test_${each}`);

/** The same Python with an accelerator built for it; null, with a note in the summary, where the build fails. */
function accelerated(python) {
  try {
    const native = buildAccelerator(python.path);
    return { ...python, version: `${python.version} with the accelerator`, native };
  } catch (error) {
    skipped.push(`runtime: ${error.message}`);
  }
  return null;
}

/** Says which Pythons are not here. @param {object[]} found @param {string|undefined} python2 */
function tellMissing(found, python2) {
  for (let minor = 6; minor <= 15; minor++)
    if (!found.some((each) => each.minor === minor && !each.free))
      skipped.push(`runtime: Python 3.${minor} is not installed`);
  if (!found.some((each) => each.free))
    skipped.push("runtime: no build without the interpreter's lock (3.13t, 3.14t) is installed");
  if (python2 === undefined) skipped.push('runtime: Python 2.7 is not installed');
}

/** Which interpreters run which tests: the long runs first, so that none of them is left alone at the end. */
function plan(found, all) {
  const plain = found.filter((each) => !each.free);
  const newest = plain.at(-1) ?? found.at(-1);
  const whole = (each) => all || each === plain[0] || each === newest || WHOLE.includes(each.minor);
  const runs = found.map((each) => ({ ...each, whole: whole(each) }));
  const pypy = spawnSync('pypy3', ['--version'], { encoding: 'utf8' });
  if (pypy.status === 0) runs.push({ path: 'pypy3', version: 'of PyPy', minor: 0, whole: true });
  else skipped.push('runtime: PyPy is not installed');
  const quick = accelerated(newest);
  if (quick !== null) runs.push({ ...quick, whole: true });
  return runs.sort((a, b) => Number(b.whole) - Number(a.whole));
}

/** @param {boolean} all every test on every Python; `npm run test:runtime` */
export async function runtime(all) {
  const found = pythons();
  if (found.length === 0) {
    say('There is no Python 3.6 or newer on this machine: the runtime cannot be tested.');
    totals.failed++;
    return;
  }
  const python2 = findPython2();
  tellMissing(found, python2);
  await eachBeside(plan(found, all), AT_ONCE, (each) => runOn(each, python2));
}

async function runOn(python, python2) {
  const { status, output } = await twice(
    `runtime on Python ${python.version}`,
    () => unittest(python, python2),
    (result) => result.status === 0,
    undefined,
    ({ output }) => failuresOfUnittest(output).some(({ name, message }) => isMiscount(name, message)),
  );
  const ran = Number(/^Ran (\d+) tests?/m.exec(output)?.[1] ?? 0);
  const bad = [.../(?:failures|errors)=(\d+)/g[Symbol.matchAll](output)].reduce(
    (sum, [, each]) => sum + Number(each),
    0,
  );
  const left = Number(/skipped=(\d+)/.exec(output)?.[1] ?? 0);
  totals.passed += Math.max(0, ran - bad - left);
  totals.failed += status !== 0 ? Math.max(1, bad) : ran === 0 ? 1 : 0;
  if (left > 0) skipped.push(`runtime: ${left} on Python ${python.version} (no such call on this platform)`);
  const which = python.whole ? '' : ' version-dependent ones';
  say(`Python ${python.version}: ran ${ran}${which}, ${status === 0 ? 'OK' : 'FAILED'}`);
}

function unittest(python, python2) {
  const args = python.whole ? ['discover', '-s', '.', '-t', '.', '-b'] : ['-b', ...BY_VERSION];
  return run(python.path, ['-m', 'unittest', ...args], {
    cwd: FOLDER,
    env: {
      ...(python2 !== undefined && { FORKSCOPE_TEST_PYTHON2: python2 }),
      FORKSCOPE_NATIVE: python.native ?? '0',
    },
    held: true,
  });
}
