/**
 * The fuzzer: `npm run fuzz -- [--runs N] [--seed S] [--only NAME]`. One thread generates and checks inputs; this one
 * monitors its progress. Prints the seed first; a failing input is written to test/fuzz/corpus, which every run starts
 * with.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import fc from 'fast-check';
import { known, script } from '../shared/script';
import { checkJournals, journals } from './journals';
import { checkPickle, pickles } from './pickles';
import { checkRecording, recordings } from './recordings';
import type { Target } from './target';

/** An input that takes longer hangs; ms. */
const PATIENCE = 20_000;
/** Maximum time of one input on an idle machine; ms. A multiple of that is allowed, since machines are busy. */
const SLOW = 2000;
const CHUNK = 500;
const LARGEST = 1 << 20;
/** The checking thread's heap, too small for amplified input. MB. */
const HEAP = 256;

const TARGETS: readonly Target<never>[] = [pickles, journals, recordings] as never;
const CORPUS = join(process.cwd(), 'test/fuzz/corpus');

interface Shared {
  /** [inputs checked, length of the current one] */
  readonly counts: Int32Array;
  readonly current: Uint8Array;
}
interface Order {
  readonly name: string;
  readonly runs: number;
  readonly seed: number;
  readonly shared: { counts: SharedArrayBuffer; current: SharedArrayBuffer };
}

function corpusOf(name: string): { file: string; bytes: Uint8Array }[] {
  return readdirSync(join(CORPUS, name))
    .sort()
    .map((file) => ({ file, bytes: new Uint8Array(readFileSync(join(CORPUS, name, file))) }));
}

async function checkCorpus(name: string, scratch: string): Promise<number> {
  const all = corpusOf(name);
  for (const { file, bytes } of all) {
    try {
      if (name === 'pickles') checkPickle(bytes);
      else if (name === 'journals') await checkJournals([bytes], scratch);
      else await checkRecording(bytes, scratch);
    } catch (error) {
      throw new Error(`corpus/${name}/${file}: ${(error as Error).stack}`);
    }
  }
  return all.length;
}

async function work({ name, runs, seed, shared }: Order): Promise<void> {
  const target = TARGETS.find((each) => each.name === name) as Target<unknown>;
  const { counts, current }: Shared = {
    counts: new Int32Array(shared.counts),
    current: new Uint8Array(shared.current),
  };
  const scratch = mkdtempSync(join(tmpdir(), 'forkscope-fuzz-'));
  process.env['TMPDIR'] = scratch; // unpacked files go here too, and must be gone afterwards
  try {
    Atomics.add(counts, 0, await checkCorpus(name, scratch));
    const inputs = target.inputs(corpusOf(name).map((each) => each.bytes));
    const property = fc.asyncProperty(inputs, async (input) => {
      const bytes = target.bytes(input).subarray(0, LARGEST);
      current.set(bytes);
      Atomics.store(counts, 1, bytes.length);
      const begun = performance.now();
      await target.check(input, scratch);
      if (performance.now() - begun > SLOW * 4) throw new Error('it took too long');
      Atomics.add(counts, 0, 1);
    });
    for (let done = 0; done < runs; done += CHUNK) {
      const found = await fc.check(property, { seed: seed + done, numRuns: Math.min(CHUNK, runs - done) });
      if (!found.failed) continue;
      const input = (found.counterexample as [unknown])[0];
      const file = join(CORPUS, name, `failed-${seed + done}`);
      writeFileSync(file, target.bytes(input));
      throw new Error(`${(found.errorInstance as Error | null)?.stack}\nIt is kept as ${file}`);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function watch(target: Target<never>, runs: number, seed: number): Promise<number> {
  const shared = { counts: new SharedArrayBuffer(8), current: new SharedArrayBuffer(LARGEST) };
  const counts = new Int32Array(shared.counts);
  const order: Order = { name: target.name, runs, seed, shared };
  const begun = performance.now();
  const worker = new Worker(__filename, { workerData: order, resourceLimits: { maxOldGenerationSizeMb: HEAP } });
  let [seen, since] = [-1, performance.now()];
  await new Promise<void>((resolve, reject) => {
    const timer = setInterval(() => {
      const now = Atomics.load(counts, 0);
      if (now !== seen) [seen, since] = [now, performance.now()];
      if (performance.now() - since > PATIENCE) void worker.terminate().then(() => reject(new Error('it hangs')));
    }, 200);
    worker.once('error', reject);
    worker.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`the thread ended with ${code}`))));
    worker.once('exit', () => clearInterval(timer));
  }).catch((error: Error) => {
    const failure = `${target.name} failed with seed ${seed}: ${error.message}`;
    if (error.message.includes('It is kept as')) throw new Error(failure);
    const file = join(CORPUS, target.name, `last-${seed}`);
    writeFileSync(file, new Uint8Array(shared.current).slice(0, Atomics.load(counts, 1)));
    throw new Error(`${failure}\nThe last input is kept as ${file}`);
  });
  const count = Atomics.load(counts, 0);
  const seconds = (performance.now() - begun) / 1000;
  console.log(`${target.name}: ${count} inputs in ${seconds.toFixed(1)} s, none failed`);
  return count;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { runs: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string' } },
  });
  known(
    'target',
    values.only === undefined ? [] : [values.only],
    TARGETS.map((each) => each.name),
  );
  const runs = Number(values.runs ?? 20_000);
  const seed = Number(values.seed ?? Date.now() % 2 ** 31);
  console.log(`Fuzzing with ${runs} inputs, seed ${seed}`);
  const begun = performance.now();
  let total = 0;
  for (const each of TARGETS) {
    if (values.only !== undefined && values.only !== each.name) continue;
    total += await watch(each, Math.ceil(runs * (values.only === undefined ? each.share : 1)), seed);
  }
  console.log(`${total} inputs in ${((performance.now() - begun) / 1000).toFixed(1)} s, none failed`);
}

if (isMainThread) {
  script(main);
} else {
  void work(workerData as Order);
}
