/**
 * `npm run test:false-alarms [-- cpython | programs] [--python VERSION] [--only TEXT]`: CPython's own suites and public
 * programs under Forkscope. The programs must have no findings; the suites only those of deliberate faults
 * (expected.ts). Exit code 1: a false alarm, or a program that did not do its work. Programs that are not installed are
 * skipped by name.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { isVersion, known, script } from '../../shared/script';
import { kept, makePackages, modulesOf, type Suite } from '../cpython/suites';
import type { Ran } from '../shared/ran';
import { run } from '../shared/run';
import { provoked } from './expected';
import { PROGRAMS, type Program } from './programs';
import { type Reported, reportedOn } from './reported';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { python: { type: 'string' }, only: { type: 'string', default: '' } },
});
const pythons = JSON.parse(process.env['FORKSCOPE_COMPAT_PYTHONS'] ?? '[]') as { path: string; version: string }[];
const libraries = process.env['FORKSCOPE_COMPAT_PYTHON'];

const SUITES: readonly Suite[] = [
  'test_multiprocessing', // of Python 2.7
  'test_multiprocessing_fork',
  'test_multiprocessing_spawn',
  'test_multiprocessing_forkserver',
  'test_multiprocessing_main_handling',
  'test_concurrent_futures',
  'test_fork1',
];
const totals = { runs: 0, silent: 0, right: 0, alarms: 0, broken: 0 };
const skipped: string[] = [];

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** All reported findings, also those that the report no longer contains. */
function count(title: string, ran: Ran, right: (each: Reported) => string | undefined, well: boolean): void {
  const reported = reportedOn(ran.stderr);
  const alarms = reported.filter((each) => right(each) === undefined);
  totals.runs++;
  totals.right += reported.length - alarms.length;
  totals.alarms += alarms.length;
  if (alarms.length === 0) totals.silent++;
  const processes = ran.report?.processes.length ?? 0;
  say(
    `${alarms.length === 0 && well ? 'ok  ' : 'FAIL'} ${title}: ${processes} processes, ${reported.length} findings, ${alarms.length} false alarms, ${ran.seconds.toFixed(0)} s`,
  );
  for (const each of alarms) say(`     ${each.severity}: ${each.message} [${each.code}] at ${each.places.join(', ')}`);
  if (!well) {
    totals.broken++;
    const how = ran.timedOut ? 'took too long' : `ended with ${ran.code}`;
    say(`     it ${how}, or ran in too few processes\n${ran.stdout.slice(-1500)}\n${ran.stderr.slice(-1500)}`);
  }
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'fsa-')));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** The tests run through a separate folder: below the standard library their lines would count as the library's. */
async function suite(name: Suite, python: { path: string; version: string }): Promise<void> {
  const asked = spawnSync(python.path, ['-c', 'import test; print(test.__file__)'], { encoding: 'utf8' });
  const folder = dirname(asked.stdout.trim());
  const how = kept(folder, name);
  if (how === 'none') return void skipped.push(`${name} of Python ${python.version}`);
  await inFolder(async (work) => {
    const path = join(work, 'path');
    mkdirSync(path);
    symlinkSync(folder, join(path, 'test'), 'dir');
    const made = how === 'parts' ? makePackages(join(work, 'made')) : null;
    const ran = await run({
      python: python.path,
      args: ['-m', 'test', '-v', ...(made === null ? [] : ['--testdir', made]), ...modulesOf(name, how)],
      cwd: work,
      env: { PYTHONPATH: made === null ? path : `${path}:${made}`, PYTHONDONTWRITEBYTECODE: '1' },
      report: join(work, 'report.json'),
      limitSeconds: 3600,
      findings: true,
    });
    // Whether the tests pass is checked by test:cpython; here they must have run.
    const processes = ran.report?.processes.length ?? 0;
    count(
      `${name}, Python ${python.version}`,
      ran,
      (each) => provoked(each.code, each.places)?.why,
      !ran.timedOut && processes > 1,
    );
  });
}

async function program(one: Program, python: string): Promise<void> {
  const here = one.needs === null || spawnSync(python, ['-c', `import ${one.needs}`]).status === 0;
  if (!here) return void skipped.push(`${one.title} (${one.packages.join(', ')} cannot be imported)`);
  await inFolder(async (work) => {
    const sources = join(work, 'sources');
    const email = spawnSync(python, ['-c', 'import email; print(email.__file__)'], { encoding: 'utf8' });
    cpSync(dirname(email.stdout.trim()), sources, {
      recursive: true,
      filter: (each) => !each.includes('__pycache__'),
    });
    const empty = join(work, 'work');
    mkdirSync(empty);
    for (const [name, text] of Object.entries(one.files ?? {})) {
      mkdirSync(dirname(join(empty, name)), { recursive: true });
      writeFileSync(join(empty, name), text);
    }
    const ran = await run({
      python,
      args: one.args.map((each) => each.replace('SOURCES', sources).replace('WORK', empty)),
      cwd: empty,
      env: { PYTHONDONTWRITEBYTECODE: '1', PYTHONPATH: empty, PYLINTHOME: work, BLACK_CACHE_DIR: work },
      report: join(work, 'report.json'),
      limitSeconds: 600,
      findings: true,
    });
    const processes = (ran.report?.processes ?? []).filter((each) => each.origin !== 'resource-tracker').length;
    const well = ran.code !== null && (one.codes ?? [0]).includes(ran.code) && processes >= one.processes;
    count(one.title, ran, () => undefined, well);
  });
}

async function main(): Promise<void> {
  const parts = ['cpython', 'programs'];
  known('part', positionals, parts);
  const chosen = parts.filter((each) => positionals.length === 0 || positionals.includes(each));
  const versions = pythons.map((each) => each.version);
  const { python: version, only } = values;
  if (version !== undefined) known('Python with the tests of CPython', [version], versions, isVersion);
  const programs = chosen.includes('programs') ? PROGRAMS : [];
  const suites = chosen.includes('cpython') ? SUITES : [];
  const titles = [...programs.map((each) => each.title), ...suites];
  known('program or suite with', [only], titles, (title, text) => title.includes(text));
  if (libraries !== undefined) for (const one of programs) if (one.title.includes(only)) await program(one, libraries);
  for (const python of pythons.filter((each) => version === undefined || isVersion(each.version, version)))
    for (const name of suites) if (name.includes(only)) await suite(name, python);
  const { runs, silent, right, alarms, broken } = totals;
  say(`\nSkipped (${skipped.length}): ${skipped.join('; ') || 'nothing'}`);
  say(
    `${alarms} false alarms in ${runs - silent} of ${runs} programs and suites; ${right} findings of what tests do wrong on purpose; ${broken} did not do their work`,
  );
  process.exit(alarms + broken > 0 ? 1 : 0);
}

script(main);
