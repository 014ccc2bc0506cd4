/**
 * `npm run bench [-- PART…] [--rounds N] [--python PATH] [--messages N] [--no-peers] [--no-native]`: the cost of
 * Forkscope.
 *
 * Parts: any workload of runtime.ts, `runtime` (all of those), `ingest`, `ended`, `check`, `latency`, `stops`; all of
 * them by default. A complete run writes its tables into docs/performance.md and README.md; `--write` does so for the
 * tables of the named parts only.
 */
import { execFileSync, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { prepareRuntime } from '../../server/engine/launch/prepared';
import { runtimeFolder } from '../../server/engine/session/folder';
import { known, script, Unknown } from '../shared/script';
import { type Checked, checkCorpus, corpora } from './check';
import { type Ended, ended } from './ended';
import { type Ingested, ingest } from './ingest';
import { writeSession } from './journals';
import { latencies } from './latency';
import { findPeers, type Peer } from './peers';
import { discardRecordings } from './program';
import { NAMES, runtimeRows } from './runtime';
import { stopCosts, stopLatencies } from './stops';
import { duration, quantile, type Row, ratioText, table } from './table';
import { circumstances, machine, put } from './write';

/** The rows shown in README. */
const README = [
  'queue_ints',
  'simple_queue',
  'ping_pong',
  'pool_map',
  'executor',
  'fork',
  'process_spawn',
  'processor',
  'start',
];

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '5' },
      python: { type: 'string', default: 'python3' },
      messages: { type: 'string', default: '50000000' },
      'no-peers': { type: 'boolean', default: false },
      'no-native': { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      read: { type: 'string' },
      'read-ended': { type: 'string' },
      check: { type: 'string' },
    },
  });
  if (values.read !== undefined) {
    process.send?.(await ingest(values.read));
    return;
  }
  if (values['read-ended'] !== undefined) {
    process.send?.(await ended(Number(values['read-ended'])));
    return;
  }
  if (values.check !== undefined) {
    process.send?.(await checkCorpus(values.check, join(__dirname, '../../../dist')));
    return;
  }
  known('part', positionals, [...NAMES, 'runtime', 'ingest', 'ended', 'check', 'latency', 'stops']);
  if (values.write && !positionals.includes('runtime') && positionals.some((each) => NAMES.includes(each)))
    throw new Unknown(
      'A table of some workloads would stand in place of the whole one: write `runtime`, or without --write.',
    );
  const load = loadavg()[0] ?? 0;
  const root = join(__dirname, '../../..');
  const all = positionals.length === 0;
  const write = all || values.write;
  const show = (name: string, text: string) => {
    console.log(`\n${text}`);
    if (write) put(join(root, 'docs/performance.md'), name, text);
  };
  // Not a version manager's shim, which takes longer to start than Python.
  const [python, version] = execFileSync(
    values.python,
    ['-c', 'import sys, platform; print(sys.executable); print(platform.python_version())'],
    { encoding: 'utf8' },
  )
    .trim()
    .split('\n') as [string, string];
  const workloads = positionals.includes('runtime') ? [] : positionals.filter((each) => NAMES.includes(each));
  if (all || positionals.includes('runtime') || workloads.length > 0) {
    const scratch = mkdtempSync(join(tmpdir(), 'forkscope-peers-'));
    try {
      const peers = values['no-peers'] ? [] : findPeers(root, python, scratch);
      const rounds = Number(values.rounds);
      // A build does not keep a process alive by itself.
      const alive = setInterval(() => {}, 1000);
      const native = (await prepareRuntime(runtimeFolder(), python, !values['no-native'])) && !values['no-native'];
      clearInterval(alive);
      if (!native) process.stderr.write('Without the accelerator.\n');
      const rows = await runtimeRows(root, python, rounds, workloads, peers, native);
      const where = circumstances(version, rounds, load);
      show(
        'runtime',
        `${where}\n\n${comparison(rows, peers)}\n\n${peers.map((each) => `- ${each.name}: ${each.how}.`).join('\n')}`,
      );
      const short = rows.filter(({ name }) => README.includes(name));
      if (write) put(join(root, 'README.md'), 'runtime', `${where}\n\n${comparison(short, peers)}`);
    } finally {
      discardRecordings();
      rmSync(scratch, { recursive: true, force: true });
    }
  }
  if (all || positionals.includes('ingest')) {
    const rows: string[][] = [];
    for (const messages of [Number(values.messages) / 10, Number(values.messages)]) {
      const found = await read(messages);
      rows.push([
        found.events.toLocaleString('en'),
        `${found.seconds.toFixed(1)} s`,
        `${(found.events / found.seconds / 1e6).toFixed(2)} million/s`,
        `${found.peak.toFixed(0)} MiB`,
        `${found.page.toFixed(1)} ms`,
      ]);
    }
    show('ingest', table(['events', 'read in', 'events a second', 'memory, peak', 'a page of 100'], rows));
  }
  if (all || positionals.includes('ended')) show('ended', await endedProcesses());
  if (all || positionals.includes('check')) show('check', await checks(root));
  if (all || positionals.includes('stops')) {
    const rounds = Number(values.rounds);
    const native = (await prepareRuntime(runtimeFolder(), python, !values['no-native'])) && !values['no-native'];
    const costs = await stopCosts(python, rounds, native);
    const rows = costs.map(({ what, cost, ratio }) => [what, duration(cost), ratioText(ratio)]);
    const late = await stopLatencies(root, python);
    show(
      'stops',
      `${circumstances(version, rounds, load)}\n\n${table(['one operation on a SimpleQueue', 'takes', 'to bare'], rows)}\n\nFrom the line of a \`put\` to the debug client's having the stopped event, ${late.length} stops: median ${quantile(late, 0.5).toFixed(1)} ms, 95th percentile ${quantile(late, 0.95).toFixed(1)} ms.`,
    );
  }
  if (all || positionals.includes('latency')) {
    const { median, p95, worst, count } = await latencies();
    show(
      'latency',
      `${machine(load)}.\n\nFrom a \`put\` in the program to the panel's next frame that counts it, in a real VS Code, ${count} puts: median ${median.toFixed(0)} ms, 95th percentile ${p95.toFixed(0)} ms, worst ${worst.toFixed(0)} ms.`,
    );
  }
}

/** Forkscope next to its peers, as ratios to bare. */
function comparison(rows: readonly Row[], peers: readonly Peer[]): string {
  const pure = rows.some((row) => row.pure !== null);
  return table(
    [
      'one operation',
      'bare',
      'recorded',
      'Forkscope',
      ...(pure ? ['in pure Python'] : []),
      ...peers.map(({ name }) => name),
    ],
    rows.map((row) => [
      row.what,
      duration(row.bare),
      duration(row.recorded),
      ratioText(row.ratio),
      ...(pure ? [ratioText(row.pure)] : []),
      ...row.peers.map(ratioText),
    ]),
  );
}

/** The cost of polling a quiet session, by its number of ended processes. */
async function endedProcesses(): Promise<string> {
  const found: Ended[] = [];
  for (const count of [10, 1000, 10_000]) found.push(await inChild<Ended>(['--read-ended', `${count}`]));
  const [fewest] = found as [Ended, ...Ended[]];
  return table(
    ['processes that have ended', 'CPU of one look', 'to that of 10', 'open files'],
    found.map(({ processes, poll, open }) => [
      processes.toLocaleString('en'),
      `${poll.toFixed(2)} ms`,
      ratioText(poll / fewest.poll),
      `${open}`,
    ]),
  );
}

/**
 * The cost of the checks, one row per corpus, each in a separate process; and the latency of an edit over all files.
 */
async function checks(root: string): Promise<string> {
  const { pythons } = (await import(join(root, 'scripts/lib/pythons.mjs'))) as {
    pythons(): { path: string; version: string }[];
  };
  const rows: string[][] = [];
  const [first, again]: [number[], number[]] = [[], []];
  const scratch = mkdtempSync(join(tmpdir(), 'forkscope-corpora-'));
  for (const { name, folder } of corpora(pythons(), scratch)) {
    const found: Checked = await inChild(['--check', folder]);
    first.push(...found.first);
    again.push(...found.again);
    rows.push([
      name,
      found.files.toLocaleString('en'),
      found.parsed.toLocaleString('en'),
      `${(found.bytes / 2 ** 20).toFixed(1)} MiB`,
      `${found.cpu.toFixed(2)} s`,
      Math.round(found.files / found.cpu).toLocaleString('en'),
    ]);
  }
  rmSync(scratch, { recursive: true, force: true });
  const ms = (values: readonly number[], part: number) => `${quantile(values, part).toFixed(1)} ms`;
  const times = [
    ['opened: all of it', first],
    ['one letter typed in the middle', again],
  ] as const;
  return [
    `Measured ${new Date().toISOString().slice(0, 10)} with \`npm run bench -- check\`; seconds of one core.`,
    table(['source text', 'files', 'parsed', 'size', 'took', 'files a second of a core'], rows),
    `Of the ${first.length.toLocaleString('en')} files that are parsed, each in the editor:`,
    table(
      ['', 'median', '95th percentile', 'worst'],
      times.map(([what, all]) => [what, ms(all, 0.5), ms(all, 0.95), ms(all, 1)]),
    ),
  ].join('\n\n');
}

/** Runs this program with other arguments in a separate process; returns the message that it sends. */
function inChild<T>(args: readonly string[]): Promise<T> {
  return new Promise((resolve, reject) => {
    const child = fork(__filename, args);
    child.once('message', (found) => resolve(found as T));
    child.once('exit', (status) => reject(new Error(`${args[0]} ended with ${status}.`)));
  });
}

/** Journals of that many messages, read by a separate process. */
async function read(messages: number): Promise<Ingested> {
  const folder = mkdtempSync(join(tmpdir(), 'forkscope-bench-'));
  try {
    writeSession(join(folder, 'session'), messages);
    return await inChild(['--read', join(folder, 'session')]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

script(main);
