/**
 * The cost of breakpoints: an operation while nothing, something unrelated, or a condition is armed; and the latency of
 * the stopped event.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeControlPage, type Plan, PlanFile, type PlannedFunction } from '../../server/debug/pauses/plan';
import { createSessionFolder, sessionEnvironment } from '../../server/engine/session/folder';
import { Editor } from '../dap/client';
import { finished } from './program';
import { quantile } from './table';

const COUNT = 20_000;
const STOPS = 60;

/** One put and get of a small int in one process: involves no other process. */
const LOOP = `import multiprocessing, sys, time
box = multiprocessing.SimpleQueue()
count = int(sys.argv[1])
for number in range(200):
    box.put(number)
    box.get()
begun = time.perf_counter()
for number in range(count):
    box.put(number)
    box.get()
print((time.perf_counter() - begun) / count / 2)
`;

const STOPPING = `import multiprocessing, time
box = multiprocessing.SimpleQueue()
for number in range(${STOPS}):
    before = time.time() * 1000
    box.put(number)
    box.get()
`;

const NOTHING: Plan = {
  socket: '',
  word: '',
  lines: [],
  functions: [],
  filters: {},
  pause: [],
  follow: [],
  freeze: null,
};

interface StopCost {
  readonly what: string;
  /** Seconds per operation. */
  readonly cost: number;
  /** To bare. */
  readonly ratio: number;
}

/** Bare, recorded, and with something armed, alternating; medians. */
export async function stopCosts(python: string, rounds: number, native: boolean): Promise<readonly StopCost[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'forkscope-bench-stops-'));
  const script = join(scratch, 'loop.py');
  writeFileSync(script, LOOP);
  const command = [python, script, String(COUNT)];
  const armed = (what: PlannedFunction): Plan => ({ ...NOTHING, functions: [what] });
  const ways: readonly (readonly [string, Plan | null | 'bare'])[] = [
    ['bare', 'bare'],
    ['recorded, not debugged', null],
    ['debugged, nothing armed', NOTHING],
    ['armed, not hit: a breakpoint on another queue', armed({ id: 1, target: 'another', call: 'put' })],
    [
      'a condition that is false: `message == -1`',
      armed({ id: 1, target: 'box', call: null, condition: 'message == -1' }),
    ],
  ];
  const seconds = ways.map((): number[] => []);
  try {
    for (let round = 0; round < rounds; round++) {
      for (const [index, [, plan]] of ways.entries()) {
        const text =
          plan === 'bare' ? await finished(command, process.env) : await recordedWith(command, python, plan, native);
        seconds[index]?.push(Number(text));
      }
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return ways.map(([what], index) => {
    const ratios = (seconds[index] ?? []).map((each, round) => each / (seconds[0]?.[round] ?? 1));
    return { what, cost: quantile(seconds[index] ?? [], 0.5), ratio: quantile(ratios, 0.5) };
  });
}

async function recordedWith(command: string[], python: string, plan: Plan | null, native: boolean): Promise<string> {
  const { folder } = createSessionFolder({ command, cwd: process.cwd(), python });
  try {
    if (plan !== null) {
      makeControlPage(folder);
      new PlanFile(folder).write(plan, plan !== NOTHING);
    }
    return await finished(command, sessionEnvironment(folder, process.env, { native: native ? 1 : 0 }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Ms from the line before a put to the stopped event in the debug client. */
export async function stopLatencies(root: string, python: string): Promise<readonly number[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'forkscope-bench-stops-'));
  const program = join(scratch, 'stopping.py');
  writeFileSync(program, STOPPING);
  const editor = Editor.start(join(root, 'dist/cli.js'));
  const found: number[] = [];
  try {
    await editor.begin({ program, python }, { functions: [{ name: 'box.put' }] });
    for (let count = 0; count < STOPS; count++) {
      const { body } = await editor.take('stopped');
      const at = Date.now();
      const { threadId } = body as { threadId: number };
      const frameId = (await editor.stackTraceRequest({ threadId })).body.stackFrames[0]?.id ?? 0;
      found.push(at - Number((await editor.evaluateRequest({ expression: 'before', frameId })).body.result));
      await editor.continueRequest({ threadId });
    }
    await editor.take('terminated');
  } finally {
    await editor.end();
    rmSync(scratch, { recursive: true, force: true });
  }
  return found.slice(1); // at the first one the process loads what it needs
}
