/**
 * `npm run test:cpython [-- --python 3.13 --suite test_os --jobs 2 --repeats 5 --missing --quick --native]`: CPython's
 * own suites, bare and under Forkscope, compared test by test. Exit code 1: a test has another outcome under Forkscope.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir, type } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ENV_NATIVE } from '../../../server/protocol/vocabulary';
import { isVersion, known, script } from '../../shared/script';
import { today, write } from '../shared/document';
import { ROOT } from '../shared/ran';
import { run } from '../shared/run';
import { count, differences, durations, failedAlike, judge, NOT_RUN, type Outcomes, read, slow } from './compare';
import { type Judged, load, type SuiteResult, save, sectionOf } from './results';
import { type Kept, kept, makePackages, modulesOf, QUICK, SUITES, type Suite } from './suites';

interface Python {
  readonly path: string;
  /** The heading of its column. */
  readonly version: string;
  /** Folder of its accelerator. */
  readonly native?: string;
}
interface Job {
  readonly python: Python;
  readonly suite: Suite;
  readonly how: Kept;
  readonly match: readonly string[];
}

const LIMIT_SECONDS = 1200;
const MOST_REPEATED = 30;
const RUNNER = join(ROOT, 'test/compat/cpython/run_suite.py');

const { values } = parseArgs({
  options: {
    python: { type: 'string', multiple: true, default: [] },
    suite: { type: 'string', multiple: true, default: [] },
    jobs: { type: 'string', default: '2' },
    repeats: { type: 'string', default: '5' },
    missing: { type: 'boolean', default: false }, // only suites without a result
    quick: { type: 'boolean', default: false },
    native: { type: 'boolean', default: false }, // with the accelerator
    machine: { type: 'string' },
  },
});

function testFolder(python: string): string {
  const source = 'import os, test; print(os.path.dirname(os.path.abspath(test.__file__)))';
  return execFileSync(python, ['-c', source], { encoding: 'utf8' }).trim();
}

interface Run {
  readonly outcomes: Outcomes;
  readonly durations: ReadonlyMap<string, number>;
  readonly seconds: number;
  readonly processes: number;
  readonly messages: number;
  readonly end: string;
  /** It was killed after a timeout, in the test after this one. */
  readonly hung: boolean;
  readonly last: string;
}

/**
 * Like `once`; a suite that did not finish is run again: CPython's own have tests that occasionally hang on a busy
 * machine.
 */
async function toItsEnd(job: Job, recorded: boolean): Promise<{ run: Run; hung: number }> {
  const first = await once(job, job.match, recorded);
  if (!first.hung) return { run: first, hung: 0 };
  console.log(
    `${job.python.version} ${job.suite}: came to no end ${recorded ? 'under Forkscope' : 'bare'}: ${first.last}`,
  );
  const second = await once(job, job.match, recorded);
  return { run: second, hung: second.hung ? 2 : 1 };
}

/** Runs a suite, or some of its tests, once. */
async function once(job: Job, match: readonly string[], recorded: boolean): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'fsc-')); // short: socket addresses are limited to 107 bytes
  try {
    const results = join(folder, 'results.txt');
    const report = recorded ? join(folder, 'report.json') : null;
    const added = job.how === 'parts' ? ['--testdir', makePackages(join(folder, 'suites'))] : [];
    // For a single test; 2.7 has no such limit.
    const limit = job.python.version.startsWith('2') ? [] : ['--timeout', '400'];
    const ran = await run({
      python: job.python.path,
      args: [
        RUNNER,
        results,
        ...limit,
        ...added,
        ...match.flatMap((each) => ['--match', each]),
        ...modulesOf(job.suite, job.how),
      ],
      cwd: folder,
      env: {
        TMPDIR: folder,
        PYTHONDONTWRITEBYTECODE: '1',
        [ENV_NATIVE]: job.python.native ?? '0',
        ...(added[1] === undefined ? {} : { PYTHONPATH: added[1] }),
      },
      report,
      limitSeconds: LIMIT_SECONDS,
    });
    const text = existsSync(results) ? readFileSync(results, 'utf8') : '';
    const outcomes = read(text);
    const hung = ran.timedOut || /^Timeout \(\d+:\d\d:\d\d\)!/m.test(ran.stderr);
    const end = hung ? 'took too long' : ran.stderr.trim().split('\n').slice(-3).join(' | ');
    return {
      outcomes,
      durations: durations(text, ran.seconds),
      seconds: Math.round(ran.seconds),
      processes: ran.report?.processes.length ?? 0,
      messages: ran.report?.messages.count ?? 0,
      end,
      hung,
      last: [...outcomes.keys()].at(-1) ?? '',
    };
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Runs both ways; runs differing tests again, alone, alternating. */
async function compare(job: Job): Promise<SuiteResult> {
  const { run: bare, hung: bareHung } = await toItsEnd(job, false);
  const { run: forkscope, hung } = await toItsEnd(job, true);
  const different = differences(bare.outcomes, forkscope.outcomes);
  const judged: Judged[] = [];
  for (const { test, bare: first, forkscope: other } of different.slice(0, MOST_REPEATED)) {
    const [without, with_] = [[first], [other]];
    for (let round = 0; round < Number(values.repeats); round++) {
      without.push((await once(job, [test], false)).outcomes.get(test) ?? NOT_RUN);
      with_.push((await once(job, [test], true)).outcomes.get(test) ?? NOT_RUN);
    }
    judged.push({ test, bare: without, forkscope: with_, verdict: judge(without, with_) });
  }
  for (const { test, bare: first, forkscope: other } of different.slice(MOST_REPEATED))
    judged.push({ test, bare: [first], forkscope: [other], verdict: 'differs' });
  const result: SuiteResult = {
    date: today(),
    bare: count(bare.outcomes),
    forkscope: count(forkscope.outcomes),
    seconds: { bare: bare.seconds, forkscope: forkscope.seconds },
    processes: forkscope.processes,
    messages: forkscope.messages,
    failedAlike: failedAlike(bare.outcomes, forkscope.outcomes),
    hung: { bare: bareHung, forkscope: hung },
    judged,
    slow: slow(bare.durations, forkscope.durations),
  };
  tell(job, result, bare, forkscope);
  return result;
}

function tell({ python, suite }: Job, result: SuiteResult, bare: Run, forkscope: Run): void {
  const { passed, skipped, failed } = result.forkscope;
  console.log(
    `${python.version} ${suite}: bare ${result.bare.passed}/${result.bare.skipped}/${result.bare.failed} in ${bare.seconds} s; ` +
      `under Forkscope ${passed}/${skipped}/${failed} (passed/skipped/failed) in ${forkscope.seconds} s, ` +
      `${forkscope.processes} processes, ${forkscope.messages} messages seen`,
  );
  if (bare.outcomes.size === 0 || forkscope.outcomes.size === 0) console.log(`  ${bare.end}\n  ${forkscope.end}`);
  for (const each of result.slow ?? [])
    console.log(`  SLOW: ${each.test}: bare ${each.bare} s; under Forkscope ${each.forkscope} s`);
  for (const each of result.judged)
    console.log(
      `  ${each.verdict}: ${each.test}: bare ${each.bare.join(', ')}; under Forkscope ${each.forkscope.join(', ')}`,
    );
}

/** The same Python with an accelerator built for it; none, with a message, if none can be built. */
function accelerated(python: Python): Python[] {
  const folder = join(ROOT, 'out/accelerator-cpython');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const build = join(ROOT, 'server/runtime/native/build.py');
  const stamp = join(folder, `stamp-${python.version}`);
  const { status } = spawnSync(python.path, ['-I', '-B', build, folder, stamp], { stdio: 'ignore' });
  if (status === 0) return [{ ...python, version: `${python.version} C`, native: folder }];
  console.log(`SKIPPED: no accelerator could be built for Python ${python.version}`);
  return [];
}

function jobs(pythons: readonly Python[]): { todo: Job[]; missing: Job[] } {
  const all = pythons.flatMap((python) => {
    const folder = testFolder(python.path);
    const wanted: readonly { suite: Suite; match: readonly string[] }[] = values.quick
      ? QUICK
      : SUITES.map((suite) => ({ suite, match: [] }));
    return wanted.map(({ suite, match }): Job => ({ python, suite, match, how: kept(folder, suite) }));
  });
  const chosen = all.filter(({ suite }) => values.suite.length === 0 || values.suite.some((each) => suite === each));
  return { todo: chosen.filter((each) => each.how !== 'none'), missing: chosen.filter((each) => each.how === 'none') };
}

async function main(): Promise<void> {
  let pythons = JSON.parse(process.env['FORKSCOPE_COMPAT_PYTHONS'] ?? '[]') as Python[];
  known('suite', values.suite, SUITES);
  known(
    'Python with the tests of CPython',
    values.python,
    pythons.map((each) => each.version),
    isVersion,
  );
  if (values.python.length > 0)
    pythons = pythons.filter(({ version }) => values.python.some((each) => isVersion(version, each)));
  if (values.quick) pythons = pythons.filter(({ version }) => /^3/.test(version)).slice(-1);
  if (values.native) pythons = pythons.flatMap(accelerated);
  if (pythons.length === 0) {
    console.log('SKIPPED: no Python here carries the tests of CPython');
    return;
  }
  const { todo, missing } = jobs(pythons);
  const results = load();
  for (const { python, suite } of missing) {
    console.log(`${python.version} ${suite}: this Python does not carry it`);
    results[python.version] = { ...results[python.version], [suite]: null };
  }
  const total = { equal: 0, different: 0 };
  const wanted = values.missing ? todo.filter((job) => results[job.python.version]?.[job.suite] == null) : todo;
  const queue = wanted.reverse(); // the newest Python first
  const worker = async () => {
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
      const result = await compare(job);
      const { passed, failed, skipped } = result.bare;
      const different = result.judged.filter((each) => each.verdict === 'differs').length;
      // A suite that ran no test has shown nothing.
      total.different += different + (passed === 0 ? 1 : 0);
      total.equal += passed + failed + skipped - different;
      if (values.quick || passed === 0) continue;
      results[job.python.version] = { ...results[job.python.version], [job.suite]: result };
      save(results);
      write('cpython', sectionOf(results, values.machine ?? `${type()}, ${cpus().length} cores`));
    }
  };
  await Promise.all(Array.from({ length: Number(values.jobs) }, worker));
  console.log(`${total.equal} equal, ${total.different} different`);
  process.exitCode = total.different > 0 ? 1 : 0;
}

script(main);
