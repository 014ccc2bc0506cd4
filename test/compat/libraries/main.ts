/**
 * `npm run test:compat [-- NAME… --rounds 3 --stdlib --large]`: third-party programs with and without Forkscope: their
 * output, exit status, descriptors, threads and modules; and whether Forkscope recorded their processes and channels.
 * Exit code 1: a difference, or something was not recorded. FORKSCOPE_COMPAT_PYTHON names the interpreter with the
 * libraries.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { table } from '../../bench/table';
import { known, script } from '../../shared/script';
import { today, write } from '../shared/document';
import { type Ran, ROOT } from '../shared/ran';
import { run } from '../shared/run';
import { CASES, type Case, unseen } from './cases';
import { ASPECTS, type Aspect, differing, type Facts, factsOf } from './compare';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    stdlib: { type: 'boolean', default: false }, // only programs that need no library
  },
});
const PROGRAMS = join(ROOT, 'test/compat/libraries/programs');
const LIMIT_SECONDS = 180;
const python = process.env['FORKSCOPE_COMPAT_PYTHON'] ?? 'python3';

interface Outcome {
  readonly one: Case;
  /** The version of its library. */
  readonly version: string;
  readonly rounds: readonly { bare: Facts; recorded: Facts }[];
  readonly seconds: { readonly bare: number; readonly recorded: number };
  readonly unseen: readonly string[];
  readonly processes: number;
  readonly channels: number;
  readonly messages: number;
}

async function once(one: Case, recorded: boolean): Promise<{ facts: Facts; ran: Ran }> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'fsc-')));
  try {
    const ran = await run({
      python,
      args: [join(PROGRAMS, `${one.program}.py`)],
      cwd: folder,
      env: { PYTHONDONTWRITEBYTECODE: '1', C_FORCE_ROOT: '1' },
      report: recorded ? join(folder, 'report.json') : null,
      limitSeconds: LIMIT_SECONDS,
    });
    return { facts: factsOf(ran, folder), ran };
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Both ways, alternating, `rounds` times. */
async function compare(one: Case, version: string): Promise<Outcome> {
  const rounds: { bare: Facts; recorded: Facts }[] = [];
  const seconds = { bare: [] as number[], recorded: [] as number[] };
  let last: Ran | null = null;
  let missing: string[] = [];
  for (let round = 0; round < Number(values.rounds); round++) {
    const bare = await once(one, false);
    const recorded = await once(one, true);
    last = recorded.ran;
    rounds.push({ bare: bare.facts, recorded: recorded.facts });
    seconds.bare.push(bare.ran.seconds);
    seconds.recorded.push(recorded.ran.seconds);
    missing = [...missing, ...(last.report === null ? ['there is no report'] : unseen(last.report, one.expected))];
  }
  return {
    one,
    version,
    rounds,
    // Other load on the machine only adds time: the fastest run of each has the least of it.
    seconds: { bare: Math.min(...seconds.bare), recorded: Math.min(...seconds.recorded) },
    unseen: [...new Set(missing)],
    processes: last?.report?.processes.length ?? 0,
    channels: last?.report?.channels.length ?? 0,
    messages: last?.report?.messages.count ?? 0,
  };
}

/** The verdict on each aspect: same, different under Forkscope, or unsteady also without Forkscope. */
function verdict({ rounds }: Outcome, aspect: Aspect): 'same' | 'unsteady' | 'differs' {
  if (rounds.every(({ bare, recorded }) => bare[aspect] === recorded[aspect])) return 'same';
  const bare = new Set(rounds.map((each) => each.bare[aspect]));
  const known = rounds.every(({ recorded }) => bare.has(recorded[aspect]));
  return known || bare.size > 1 ? 'unsteady' : 'differs';
}

function versionOf(module: string): string | null {
  const source = `import ${module}, importlib.metadata as m; print((m.version({'xdist': 'pytest-xdist', 'django': 'Django'}.get('${module}', '${module}'))))`;
  const asked = spawnSync(python, ['-c', source], { encoding: 'utf8' });
  return asked.status === 0 ? asked.stdout.trim() : null;
}

function tell(outcome: Outcome): boolean {
  const { one, rounds, seconds } = outcome;
  const verdicts = ASPECTS.map((aspect) => [aspect, verdict(outcome, aspect)] as const);
  const failed = rounds.some(({ bare }) => bare['exit code'] !== '0');
  const differs = verdicts.filter(([, each]) => each === 'differs').map(([aspect]) => aspect);
  const unsteady = verdicts.filter(([, each]) => each === 'unsteady').map(([aspect]) => aspect);
  const fine = differs.length === 0 && outcome.unseen.length === 0 && !failed;
  console.log(
    `${fine ? 'ok' : 'FAILED'} ${one.title}: ${seconds.bare.toFixed(2)} s, ${seconds.recorded.toFixed(2)} s with Forkscope; ` +
      `${outcome.processes} processes, ${outcome.channels} channels, ${outcome.messages} messages` +
      `${unsteady.length > 0 ? `; not the same from run to run without Forkscope either: ${unsteady.join(', ')}` : ''}`,
  );
  for (const each of outcome.unseen) console.log(`  not seen: ${each}`);
  if (failed)
    console.log(
      `  does not work without Forkscope either: ${rounds[0]!.bare.stderr.split('\n').slice(-3).join(' | ')}`,
    );
  for (const { bare, recorded } of rounds.slice(0, 1))
    for (const aspect of differing(bare, recorded))
      console.log(
        `  ${aspect}:\n    without ${bare[aspect].slice(-1500)}\n    with    ${recorded[aspect].slice(-1500)}`,
      );
  return fine;
}

function section(outcomes: readonly Outcome[], skipped: readonly string[]): string {
  const version = spawnSync(python, ['-c', 'import sys; print(sys.version.split()[0])'], {
    encoding: 'utf8',
  }).stdout.trim();
  const rows = outcomes.map((outcome) => [
    `${outcome.one.title}${outcome.version === '' ? '' : ` ${outcome.version}`}`,
    ...ASPECTS.map((aspect) => ({ same: 'same', unsteady: 'same¹', differs: '**differs**' })[verdict(outcome, aspect)]),
    `${outcome.processes} / ${outcome.channels} / ${outcome.messages}${outcome.unseen.length > 0 ? ' **incomplete**' : ''}`,
    `${outcome.seconds.bare.toFixed(2)} → ${outcome.seconds.recorded.toFixed(2)}`,
  ]);
  const notes = rows.some((row) => row.includes('same¹'))
    ? '¹ Within what differs from run to run without Forkscope too.'
    : '';
  return [
    `Run on ${today()} with CPython ${version}, each ${values.rounds} times both ways. Skipped: ${skipped.join('; ') || 'nothing'}.`,
    table(
      ['program', ...ASPECTS, 'seen: processes / channels / messages', 'seconds, start to end of the quickest run'],
      rows,
    ),
    notes,
  ].join('\n\n');
}

async function main(): Promise<void> {
  const there = CASES.filter((each) => !values.stdlib || each.needs === null);
  known(
    'program',
    positionals,
    there.map((each) => each.program),
  );
  const outcomes: Outcome[] = [];
  const skipped: string[] = [];
  let passed = 0;
  const wanted = there.filter((each) => positionals.length === 0 || positionals.includes(each.program));
  for (const one of wanted) {
    const version = one.needs === null ? '' : versionOf(one.needs);
    if (version === null) {
      skipped.push(`${one.title} (${one.needs} is not installed)`);
      console.log(`SKIPPED: ${one.title}: ${one.needs} is not installed`);
      continue;
    }
    const outcome = await compare(one, version);
    outcomes.push(outcome);
    if (tell(outcome)) passed++;
  }
  console.log(`${passed} the same, ${outcomes.length - passed} not, ${skipped.length} skipped`);
  if (positionals.length === 0 && !values.stdlib) write('libraries', section(outcomes, skipped));
  process.exitCode = passed < outcomes.length ? 1 : 0;
}

script(main);
