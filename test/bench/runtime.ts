/** The cost of the runtime and of its peers: all ways to run a workload alternate with bare runs. */
import { join } from 'node:path';
import type { Peer } from './peers';
import { bare, type Program, type Run, recorded } from './program';
import { median, type Row } from './table';

interface Workload {
  readonly name: string;
  readonly what: string;
  readonly count: number;
  /** How many of its operations create a process; absent: none. */
  readonly makesProcesses?: boolean;
}

const WORKLOADS: readonly Workload[] = [
  { name: 'queue_ints', count: 30_000, what: 'Queue, small int: put to get' },
  { name: 'queue_kilobytes', count: 20_000, what: 'Queue, 1 KiB: put to get' },
  { name: 'simple_queue', count: 30_000, what: 'SimpleQueue, small int: put to get' },
  { name: 'put_only', count: 30_000, what: 'Queue.put as its caller sees it' },
  { name: 'ping_pong', count: 8_000, what: 'Pipe ping-pong, round trip' },
  { name: 'pipe_one_way', count: 30_000, what: 'Pipe one way: send to recv' },
  { name: 'pool_map', count: 6_000, what: 'Pool(2).map, chunksize 1: a task' },
  { name: 'executor', count: 1_500, what: 'ProcessPoolExecutor(2): a task' },
  { name: 'fork', count: 150, what: 'os.fork + waitpid', makesProcesses: true },
  { name: 'process_fork', count: 100, what: 'Process, fork: start + join', makesProcesses: true },
  { name: 'process_forkserver', count: 20, what: 'Process, forkserver: start + join', makesProcesses: true },
  { name: 'process_spawn', count: 8, what: 'Process, spawn: start + join', makesProcesses: true },
  { name: 'processor', count: 1_500_000, what: 'function calls in two children' },
];

const STARTS = [
  { name: 'start', what: 'an empty script: start to end', script: 'start_empty.py' },
  { name: 'start_imports', what: 'a script of many imports: start to end', script: 'start_imports.py' },
] as const;

export const NAMES: readonly string[] = [...WORKLOADS, ...STARTS].map(({ name }) => name);

/** The name of the runtime without its accelerator. */
const PURE = 'pure Python';

/** The runs besides bare: ours first. */
function contestants(
  python: string,
  native: boolean,
  peers: readonly Peer[],
): { name: string; run: Run; perProcess: number }[] {
  return [
    ...(native ? [{ name: 'Forkscope', run: recorded(python, true), perProcess: 0 }] : []),
    { name: native ? PURE : 'Forkscope', run: recorded(python, false), perProcess: 0 },
    ...peers,
  ];
}

export async function runtimeRows(
  root: string,
  python: string,
  rounds: number,
  only: readonly string[],
  peers: readonly Peer[],
  native: boolean,
): Promise<Row[]> {
  const script = join(root, 'test/bench/workloads.py');
  const wanted = (name: string) => only.length === 0 || only.includes(name);
  const rows: Row[] = [];
  for (const workload of WORKLOADS.filter(({ name }) => wanted(name))) {
    const measure = async (run: Run, count: number) =>
      seconds(await run({ args: [script, workload.name, String(count)], script })) / count;
    // A peer with a high cost per process gets fewer of them: only the cost of one matters.
    const counts = (perProcess: number) =>
      workload.makesProcesses === true && perProcess > 0.1 ? Math.min(workload.count, 4) : workload.count;
    rows.push(await compared(workload, rounds, python, native, peers, measure, counts));
  }
  for (const start of STARTS.filter(({ name }) => wanted(name))) {
    const file = join(root, 'test/bench', start.script);
    const program: Program = { args: [file], script: file };
    const measure = async (run: Run) => {
      const begun = process.hrtime.bigint();
      await run(program);
      return Number(process.hrtime.bigint() - begun) / 1e9;
    };
    rows.push(await compared(start, rounds * 2, python, native, peers, measure, () => 1));
  }
  return rows;
}

/** All ways of a workload, round by round; each ratio is the median over its pairs with the round's bare run. */
async function compared(
  { name, what }: { readonly name: string; readonly what: string },
  rounds: number,
  python: string,
  native: boolean,
  peers: readonly Peer[],
  measure: (run: Run, count: number) => Promise<number>,
  counts: (perProcess: number) => number,
): Promise<Row> {
  const others = contestants(python, native, peers);
  const failed = new Set<string>();
  const took = new Map(others.map((each) => [each.name, [] as number[]]));
  const bareRun = bare(python);
  const bareTook: number[] = [];
  await measure(recorded(python, native), counts(0)); // writes the bytecode, warms the disk's cache
  const one = async (other: (typeof others)[number]) => {
    if (failed.has(other.name)) return;
    try {
      took.get(other.name)?.push(await measure(other.run, counts(other.perProcess)));
    } catch (error) {
      if (other.name === 'Forkscope' || other.name === PURE) throw error;
      failed.add(other.name);
      process.stderr.write(`${other.name} fails at ${what}: ${String(error).slice(0, 300)}\n`);
    }
  };
  for (let round = 0; round < rounds; round++) {
    const [ours, ...rest] = others;
    const first = async () => bareTook.push(await measure(bareRun, counts(0)));
    if (round % 2 === 0) await first();
    if (ours !== undefined) await one(ours);
    if (round % 2 === 1) await first();
    for (const each of rest) await one(each);
  }
  const ratio = (of: readonly number[]) => median(of.map((each, round) => each / (bareTook[round] as number)));
  const row: Row = {
    name,
    what,
    bare: median(bareTook),
    recorded: median(took.get('Forkscope') ?? []),
    ratio: ratio(took.get('Forkscope') ?? []),
    pure: native ? ratio(took.get(PURE) ?? []) : null,
    peers: peers.map((each) => (failed.has(each.name) ? null : ratio(took.get(each.name) ?? []))),
  };
  const ratios = peers.map((each, index) => `${each.name} ${row.peers[index]?.toFixed(2) ?? 'fails'}`);
  process.stderr.write(
    `${what}: ${[row.ratio.toFixed(2), ...(row.pure === null ? [] : [`${PURE} ${row.pure.toFixed(2)}`]), ...ratios].join(', ')}\n`,
  );
  return row;
}

/** The line that consists of a figure only; a peer may print something before and after. */
function seconds(output: string): number {
  const found = output
    .split('\n')
    .filter((line) => /^\d+\.?\d*(e-?\d+)?$/.test(line))
    .map(Number)[0];
  if (found === undefined) throw new Error(`No figure in ${JSON.stringify(output.slice(0, 200))}`);
  return found;
}
