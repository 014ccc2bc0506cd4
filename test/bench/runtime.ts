/** What the runtime costs the program: each workload bare and recorded, in pairs, taking turns. */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createSessionFolder, sessionEnvironment } from '../../server/session/folder';
import { median, type Row } from './table';

/** Workload, its count, what one operation is called. */
const WORKLOADS: readonly (readonly [name: string, count: number, what: string])[] = [
  ['queue_ints', 30_000, 'Queue, small int: put to get'],
  ['queue_kilobytes', 20_000, 'Queue, 1 KiB: put to get'],
  ['simple_queue', 30_000, 'SimpleQueue, small int: put to get'],
  ['put_only', 30_000, 'Queue.put as its caller sees it'],
  ['ping_pong', 8_000, 'Pipe ping-pong, round trip'],
  ['pipe_one_way', 30_000, 'Pipe one way: send to recv'],
  ['pool_map', 6_000, 'Pool(2).map, chunksize 1: a task'],
  ['executor', 1_500, 'ProcessPoolExecutor(2): a task'],
  ['fork', 150, 'os.fork + waitpid'],
  ['process_fork', 100, 'Process, fork: start + join'],
  ['process_forkserver', 20, 'Process, forkserver: start + join'],
  ['process_spawn', 8, 'Process, spawn: start + join'],
  ['processor', 1_500_000, 'function calls in two children'],
];

export function runtimeRows(root: string, python: string, rounds: number, only: readonly string[]): Row[] {
  const script = join(root, 'test/bench/workloads.py');
  const rows = WORKLOADS.filter(([name]) => only.length === 0 || only.includes(name)).map(([name, count, what]) => {
    const run = (recorded: boolean) => Number(program([python, script, name, String(count)], recorded).stdout) / count;
    return pairs(what, rounds, run);
  });
  if (only.length === 0 || only.includes('start')) {
    const run = (recorded: boolean) => {
      const begun = process.hrtime.bigint();
      program([python, '-c', 'pass'], recorded);
      return Number(process.hrtime.bigint() - begun) / 1e9;
    };
    rows.push(pairs('an empty script: start to end', rounds * 4, run));
  }
  return rows;
}

/** Bare and recorded take turns; the ratio is the median of each pair's own. */
function pairs(what: string, rounds: number, run: (recorded: boolean) => number): Row {
  run(true); // writes the bytecode, warms the disk's cache
  const bare: number[] = [];
  const recorded: number[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const first of round % 2 === 0 ? [false, true] : [true, false]) (first ? recorded : bare).push(run(first));
  }
  const row = {
    what,
    bare: median(bare),
    recorded: median(recorded),
    ratio: median(bare.map((each, round) => (recorded[round] as number) / each)),
  };
  process.stderr.write(`${what}: ${row.ratio.toFixed(2)}\n`);
  return row;
}

function program(command: readonly [string, ...string[]], recorded: boolean) {
  const folder = recorded ? createSessionFolder({ command, cwd: process.cwd(), python: command[0] }).folder : null;
  try {
    const [file, ...args] = command;
    const env = folder === null ? process.env : sessionEnvironment(folder, process.env);
    const done = spawnSync(file, args, { env, encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`${command.join(' ')} failed: ${done.stderr}`);
    return done;
  } finally {
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
  }
}
