// npm test: sets up and runs everything. `npm test -- PART…` runs parts: lint unit runtime cpython compat answers faults random fuzz dap editor e2e package.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAccelerator } from './lib/accelerator.mjs';
import { failuresOfUnittest, isMiscount, secondTries, twice } from './lib/again.mjs';
import { bundleTests, OUT } from './lib/bundle.mjs';
import { findPython2, pythons } from './lib/pythons.mjs';
import { ensureDependencies, ensureNode, fail, must, ROOT, say, underRightNode, withNode } from './lib/tools.mjs';

const totals = { passed: 0, failed: 0 };
const skipped = [];
const seconds = [];

const PARTS = {
  lint,
  unit,
  runtime,
  cpython,
  compat,
  answers,
  faults,
  random,
  fuzz,
  dap,
  editor,
  e2e,
  package: packaged,
};

async function main() {
  await underRightNode(fileURLToPath(import.meta.url));
  const wanted = process.argv.slice(2).filter((each) => !each.startsWith('-'));
  for (const each of wanted)
    if (!(each in PARTS)) throw new Error(`There is no part ${each}; there are: ${Object.keys(PARTS).join(', ')}.`);
  ensureDependencies();
  mkdirSync(OUT, { recursive: true });
  must('The build', process.execPath, ['esbuild.mjs']);
  for (const [name, part] of Object.entries(PARTS)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    say(`\n── ${name}`);
    const begun = Date.now();
    await part();
    seconds.push(`${name} ${Math.round((Date.now() - begun) / 1000)} s`);
  }
  say(`\nTook: ${seconds.join(', ')}`);
  if (secondTries.length > 0) say(`Passed on the second try (${secondTries.length}): ${secondTries.join('; ')}`);
  say(`Skipped (${skipped.length}): ${skipped.join('; ') || 'nothing'}`);
  say(`${totals.passed} passed, ${totals.failed} failed, ${skipped.length} skipped`);
  process.exit(totals.failed > 0 ? 1 : 0);
}

/** A runner that has written its results and does not end is ended after so long, ms. */
const LINGER = 60_000;

/**
 * Runs a command with its output shown and kept.
 * @param {string} [results] the file that it writes last
 * @returns {Promise<{status: number, output: string}>}
 */
function run(file, args, env = {}, results = undefined) {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: ROOT,
      env: { ...withNode(process.execPath), NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const take = (data) => {
      output += data;
      process.stdout.write(data);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', (error) => resolve({ status: 127, output: `${output}${error.message}` }));
    let written = 0;
    // What a failed test left behind may hold a runner's pipes open for ever.
    const lingers = setInterval(() => {
      if (results === undefined || !existsSync(results)) return;
      written ||= Date.now();
      if (Date.now() - written > LINGER) child.kill('SIGKILL');
    }, 1000);
    const end = (status, signal) => {
      clearInterval(lingers);
      resolve({ status: signal ? 1 : (status ?? 1), output });
    };
    child.on('close', end);
    child.on('exit', (status, signal) => {
      if (signal === 'SIGKILL') end(status, signal);
    });
  });
}

/** A step that passes or fails as a whole. */
async function step(name, file, args, env) {
  const { status } = await run(file, args, env);
  if (status === 0) totals.passed++;
  else {
    totals.failed++;
    say(`FAILED: ${name}`);
  }
  return status === 0;
}
const bin = (name) => join(ROOT, 'node_modules', ...name);
const node = process.execPath;

async function lint() {
  await step('the generated vocabulary', node, ['scripts/generate.mjs', '--check']);
  await step('biome', node, [bin(['@biomejs', 'biome', 'bin', 'biome']), 'check', '.']);
  await step('types', node, [bin(['typescript', 'bin', 'tsc']), '-p', '.']);
  await step('types of the tests', node, [bin(['typescript', 'bin', 'tsc']), '-p', 'test']);
  if (existsSync(join(ROOT, 'media/panel/tsconfig.json')))
    await step('types of the panel', node, [bin(['typescript', 'bin', 'tsc']), '-p', 'media/panel']);
}

/** One run of vitest. @returns {Promise<{status: number, found: object|null}>} found: what its JSON reporter wrote */
async function vitestRun(folder, env, extra = []) {
  const results = join(OUT, `vitest-${folder.replaceAll('/', '-')}.json`);
  rmSync(results, { force: true });
  const { status } = await run(
    node,
    [
      bin(['vitest', 'vitest.mjs']),
      'run',
      ...(extra.length > 0 ? extra : [folder]),
      '--reporter=dot',
      '--reporter=json',
      `--outputFile.json=${results}`,
    ],
    env,
    results,
  );
  return { status, found: existsSync(results) ? JSON.parse(readFileSync(results, 'utf8')) : null };
}

async function vitest(folder, env = {}) {
  const first = await vitestRun(folder, env);
  if (first.found === null) {
    totals.failed++;
    return;
  }
  const each = first.found.testResults.flatMap((file) =>
    file.assertionResults.map((test) => ({ file: file.name, ...test })),
  );
  for (const test of each)
    if (test.status === 'pending' || test.status === 'skipped') skipped.push(`${folder}: ${test.fullName}`);
  const failures = each.filter((test) => test.status === 'failed');
  let { numFailedTests: failed } = first.found;
  // Unit tests touch nothing but themselves: one that fails does so for a reason.
  if (folder !== 'test/unit') {
    for (const test of failures) {
      const path = [...test.ancestorTitles, test.title].join(' > ');
      const alone = [test.file, '-t', `^${path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`];
      const good = (result) =>
        result !== first && result.found?.numFailedTests === 0 && result.found.numPassedTests > 0;
      const last = await twice(
        `${folder}: ${test.fullName}`,
        async () => first,
        good,
        () => vitestRun(folder, env, alone),
        () => isMiscount(test.title, test.failureMessages.join('\n')),
      );
      if (good(last)) failed--;
    }
  }
  totals.passed += first.found.numPassedTests + failures.length - failed;
  totals.failed += failed;
  // An error outside of every test.
  if (first.status !== 0 && failures.length === 0) totals.failed++;
  say(`vitest ${folder}: ${first.found.numPassedTests + failures.length - failed} passed, ${failed} failed`);
}
function dap() {
  return vitest('test/dap', pythonsInEnvironment());
}
function unit() {
  return vitest('test/unit');
}
function answers() {
  return vitest('test/answers', pythonsInEnvironment());
}
/** A short part of what comes to harm in `npm run test:faults`. */
async function faults() {
  if (process.platform === 'linux') await vitest('test/faults', { VITEST_MAX_WORKERS: '2' });
  else skipped.push('faults: they need Linux');
}
function pythonsInEnvironment() {
  return {
    FORKSCOPE_TEST_PYTHONS: pythons()
      .filter((each) => each.minor >= 8 && !each.free)
      .map((each) => each.path)
      .join(delimiter),
  };
}

/** The same Python with an accelerator built for it; null, and told, where there can be none. */
function accelerated(python) {
  try {
    const native = buildAccelerator(python.path);
    return { ...python, version: `${python.version} with the accelerator`, native };
  } catch (error) {
    skipped.push(`runtime: ${error.message}`);
  }
  return null;
}

async function runtime() {
  const found = pythons();
  if (found.length === 0) {
    say('There is no Python 3.6 or newer on this machine: the runtime cannot be tested.');
    totals.failed++;
    return;
  }
  for (let minor = 6; minor <= 15; minor++)
    if (!found.some((each) => each.minor === minor && !each.free))
      skipped.push(`runtime: Python 3.${minor} is not installed`);
  if (!found.some((each) => each.free))
    skipped.push("runtime: no build without the interpreter's lock (3.13t, 3.14t) is installed");
  const newest = found.at(-1);
  const python2 = findPython2();
  if (python2 === undefined) skipped.push('runtime: Python 2.7 is not installed');
  const pypy = spawnSync('pypy3', ['--version'], { encoding: 'utf8' });
  if (pypy.status === 0) found.push({ path: 'pypy3', version: 'of PyPy', minor: 0 });
  else skipped.push('runtime: PyPy is not installed');
  const quick = accelerated(newest);
  for (const each of quick === null ? found : [...found, quick]) {
    const { status, output } = await twice(
      `runtime on Python ${each.version}`,
      () =>
        run(each.path, ['-m', 'unittest', 'discover', '-s', 'test/runtime', '-t', 'test/runtime', '-b'], {
          ...(python2 !== undefined && { FORKSCOPE_TEST_PYTHON2: python2 }),
          FORKSCOPE_NATIVE: each.native ?? '0',
        }),
      (result) => result.status === 0,
      undefined,
      ({ output }) => failuresOfUnittest(output).some(({ name, message }) => isMiscount(name, message)),
    );
    const ran = Number(/^Ran (\d+) tests?/m.exec(output)?.[1] ?? 0);
    const bad = [.../(?:failures|errors)=(\d+)/g[Symbol.matchAll](output)].reduce(
      (sum, match) => sum + Number(match[1]),
      0,
    );
    const left = Number(/skipped=(\d+)/.exec(output)?.[1] ?? 0);
    totals.passed += Math.max(0, ran - bad - left);
    totals.failed += status !== 0 ? Math.max(1, bad) : ran === 0 ? 1 : 0;
    if (left > 0) skipped.push(`runtime: ${left} on Python ${each.version} (no such call on this platform)`);
    say(`Python ${each.version}: ran ${ran}, ${status === 0 ? 'OK' : 'FAILED'}`);
  }
}

/** Programs of the standard library's ways to many processes, with and without Forkscope. `npm run test:compat` runs those of libraries too. */
async function compat() {
  const { status, output } = await run(node, ['scripts/compat.mjs', '--stdlib', '--rounds', '2']);
  const [, same, other] = /^(\d+) the same, (\d+) not/m.exec(output) ?? [];
  const left = /^SKIPPED: (.+)/m.exec(output);
  if (left) skipped.push(`compat: ${left[1]}`);
  totals.passed += Number(same ?? 0);
  totals.failed += status !== 0 ? Math.max(1, Number(other ?? 0)) : 0;
}

/** Some of CPython's own tests, bare and under Forkscope, on the newest Python that carries them. `npm run test:cpython` runs all. */
async function cpython() {
  const { status, output } = await run(node, ['scripts/cpython.mjs', '--quick']);
  const [, equal, different] = /^(\d+) equal, (\d+) different/m.exec(output) ?? [];
  const left = /^SKIPPED: (.+)/m.exec(output);
  if (left) skipped.push(`cpython: ${left[1]}`);
  totals.passed += Number(equal ?? 0);
  totals.failed += status !== 0 ? Math.max(1, Number(different ?? 0)) : 0;
}

/** Thirty random programs; `npm run test:random` runs as many as wanted. A count that is wrong once is wrong: there is no second try. */
async function random() {
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
    totals.passed += Number(passed ?? 0);
    totals.failed += status !== 0 ? Math.max(1, Number(failed ?? 0)) : 0;
  }
}

function counted(name, output, status) {
  const passed = Number(/(\d+) passing/.exec(output)?.[1] ?? 0);
  const failed = Number(/(\d+) failing/.exec(output)?.[1] ?? 0);
  totals.passed += passed;
  totals.failed += status !== 0 ? Math.max(1, failed) : passed === 0 ? 1 : 0;
  say(`${name}: ${passed} passed, ${failed} failed`);
}

/** Hostile pickles, journals and recordings: a few seconds of them, always the same. `npm run fuzz` makes as many as wanted. */
async function fuzz() {
  await step('fuzz', node, ['scripts/fuzz.mjs', '--runs', '20000', '--seed', '1']);
}

/** Tests inside VS Code's extension host, started by @vscode/test-electron. */
async function editor(extensionPath = ROOT, name = 'editor', extra = []) {
  const { outdir } = await bundleTests('test/editor', /\.ts$/);
  const { status, output } = await twice(
    name,
    () => run(node, ['scripts/editor-tests.mjs', extensionPath, join(outdir, 'index.js'), ...extra]),
    (result) => result.status === 0,
  );
  counted(name, output, status);
}

/** Tests that drive the whole of VS Code through a browser, as a person would. */
async function e2e() {
  const { files } = await bundleTests('test/e2e', /\.e2e\.ts$/);
  // One runner a file: what one of them leaves behind does not disturb the next, and it can be tried again alone.
  for (const file of files) {
    const name = `e2e ${basename(file).replace(/\..*$/, '')}`;
    const { status, output } = await twice(
      name,
      () =>
        run(node, [bin(['mocha', 'bin', 'mocha.js']), '--timeout', '240000', '--reporter', 'spec', file], {
          FORKSCOPE_NODE: ensureNode(),
        }),
      (result) => result.status === 0,
    );
    counted(name, output, status);
  }
}

const MAX_VSIX = 2 * 2 ** 20;

/** The extension as it ships: packaged, small, with nothing that does not belong in it; installed and activated. */
async function packaged() {
  must('The production build', node, ['esbuild.mjs', '--production']);
  const vsix = join(OUT, 'forkscope.vsix');
  rmSync(vsix, { force: true });
  if (
    !(await step('vsce package', node, [
      bin(['@vscode', 'vsce', 'vsce']),
      'package',
      '--no-dependencies',
      '--allow-missing-repository',
      '--no-rewrite-relative-links',
      '--skip-license',
      '--out',
      vsix,
    ]))
  )
    return;
  const size = statSync(vsix).size;
  const small = size < MAX_VSIX;
  say(`forkscope.vsix: ${(size / 1024).toFixed(0)} KiB of at most ${MAX_VSIX / 1024}`);
  totals[small ? 'passed' : 'failed']++;
  const listed = spawnSync(node, [bin(['@vscode', 'vsce', 'vsce']), 'ls', '--no-dependencies'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
    .stdout.trim()
    .split('\n');
  const allowed =
    /^(package(\.nls.*)?\.json|README\.md|readme\.md|CHANGELOG\.md|changelog\.md|LICENSE(\.txt)?|dist\/.*|l10n\/.*\.json|docs\/images\/.*\.png|docs\/findings\/[\w-]+\.md|media\/(icons|samples|walkthrough)\/.*)$/;
  const strange = listed.filter((each) => !allowed.test(each) || /\.map$|__pycache__/.test(each));
  totals[strange.length === 0 ? 'passed' : 'failed']++;
  if (strange.length > 0) say(`FAILED: these files do not belong into the package: ${strange.join(', ')}`);
  await editor('vsix', 'packaged', [vsix]);
  must('The build', node, ['esbuild.mjs']);
}

main().catch(fail);
