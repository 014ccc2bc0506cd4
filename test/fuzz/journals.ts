/**
 * Session folders with invalid journals: mutations of real ones, and generated ones with anything in their headers,
 * records, events and thread slots.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { violations } from '../../server/core/model/project/invariants';
import { Session } from '../../server/engine/session/session';
import * as v from '../../server/protocol/vocabulary';
import { type HeaderField, journalBytes, type Part, type Slot } from './build';
import { edit, edited } from './pickles';
import type { Target } from './target';

const SEEDS = {
  format: 'forkscope-session',
  version: 1,
  id: 'fuzz',
  command: ['python3', 'x.py'],
  cwd: '/',
  python: 'python3',
  platform: 'linux',
  startedAt: 1,
} as const; // prettier-ignore

/** A few common ids, so that records and events refer to each other; and some invalid ones. */
const id = fc.constantFrom(1, 2, 3, 4, 5, 6, 7, 8, 0, -1, 2 ** 53, 1e300, 0.5);
const big = fc.oneof(
  { weight: 5, arbitrary: fc.bigInt({ min: 1_000_000_000n, max: 9_000_000_000n }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      0n,
      1n,
      (1n << 53n) - 1n,
      1n << 53n,
      1n << 60n,
      (1n << 63n) - 1n,
      1n << 63n,
      (1n << 64n) - 1n,
    ),
  },
); // prettier-ignore
const u32 = fc.oneof(
  { weight: 5, arbitrary: fc.nat(9) },
  { weight: 1, arbitrary: fc.constantFrom(64, 4096, 65536, 2 ** 23, 2 ** 30, 2 ** 31, 2 ** 32 - 1) },
);

const anything = fc.oneof(
  id,
  fc.string({ maxLength: 6 }),
  fc.constantFrom(
    'r',
    'w',
    'rw',
    'Queue',
    'JoinableQueue',
    'SimpleQueue',
    'Pipe',
    'Pool',
    'fork',
    'spawn',
    'k1',
    'k2',
    'k3',
    null,
    true,
    [],
    {},
    -1,
  ),
  fc.array(fc.constantFrom('a', 'b', 1, null, {}), { maxLength: 3 }),
); // prettier-ignore
const end = fc.record({
  id,
  mode: fc.constantFrom('r', 'w', 'rw', 7),
  key: fc.constantFrom('k1', 'k2', 'k3', '', '__proto__'),
});
const NAMES = [
  'process',
  'identity',
  'loc',
  'channel',
  'peer',
  'endpoint',
  'queue',
  'close',
  'lock',
  'child',
  'start',
  'fork',
  'spawn',
  'exec',
  'execFailed',
  'signal',
  'reap',
  'exit',
  'pool',
  'poolState',
  'poolWorker',
  'thread',
  'forkThreads',
  'ending',
  'developer',
  'diag',
  'image',
  '__proto__',
  'toString',
]; // prettier-ignore
const record = fc
  .record(
    {
      type: fc.oneof({ weight: 20, arbitrary: fc.constantFrom(...NAMES) }, { weight: 1, arbitrary: anything }),
      t: fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 1e9, max: 9e9 }) }, { weight: 1, arbitrary: anything }),
      id: fc.oneof({ weight: 8, arbitrary: id }, { weight: 1, arbitrary: anything }),
      kind: anything,
      ends: fc.oneof({ weight: 8, arbitrary: fc.array(end, { maxLength: 3 }) }, { weight: 1, arbitrary: anything }),
      key: fc.constantFrom('k1', 'k2', 'k3', ''),
      local: fc.constantFrom('a', 'b', ''),
      remote: fc.constantFrom('a', 'b', ''),
      mode: fc.constantFrom('r', 'w', 'rw'),
      pid: fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 4000, max: 4004 }) }, { weight: 1, arbitrary: anything }),
      name: anything,
      names: anything,
      argv: fc.oneof(fc.array(fc.string({ maxLength: 5 }), { maxLength: 3 }), anything),
      loc: id,
      line: id,
      file: anything,
      func: anything,
      signal: anything,
      code: anything,
      thread: id,
      capacity: anything,
      duplex: fc.boolean(),
      owner: anything,
      inqueue: id,
      outqueue: id,
      worker: anything,
      state: fc.constantFrom('open', 'closed', 'terminated', 'broken', 'x'),
      size: anything,
      others: fc.array(fc.record({ name: anything, loc: id }), { maxLength: 2 }),
      text: anything,
    },
    { requiredKeys: ['type'] },
  )
  .map((value) => JSON.stringify(value));
const part: fc.Arbitrary<Part> = fc.record({
  text: fc.oneof(
    { weight: 20, arbitrary: record },
    { weight: 1, arbitrary: fc.json({ maxDepth: 6 }) },
    { weight: 1, arbitrary: fc.nat(4000).map((depth) => '['.repeat(depth)) },
    { weight: 1, arbitrary: fc.string({ maxLength: 30 }) },
  ),
  skew: fc.oneof(
    { weight: 20, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.constantFrom(1, 8191, 8192, -1) },
  ),
  last: fc.constantFrom(2, 2, 2, 2, 2, 2, 2, 2, 0, 1, 3, 255),
}); // prettier-ignore
const slot: fc.Arbitrary<Slot> = fc.record({
  kind: fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 1, max: 19 }) },
    { weight: 2, arbitrary: fc.constantFrom(30, 31) },
    { weight: 1, arbitrary: fc.nat(255) },
  ),
  outcome: fc.constantFrom(0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 9, 255),
  flags: fc.constantFrom(0, 0, 0, 1, 3, 255, 256, 512, 513, 1024, 65535),
  skew: fc.oneof({ weight: 20, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: -8, max: 8 }) }),
  t0: big,
  t1: big,
  thread: big,
  obj: fc.oneof({ weight: 8, arbitrary: fc.bigInt({ min: 0n, max: 8n }) }, { weight: 1, arbitrary: big }),
  loc: u32,
  size: u32,
  a: fc.oneof(fc.bigInt({ min: -3n, max: 5n }), big),
  b: fc.oneof(fc.bigInt({ min: 0n, max: 5n }), big),
  data: fc.uint8Array({ maxLength: 64 }),
}); // prettier-ignore
const lie: fc.Arbitrary<HeaderField> = fc
  .tuple(
    fc.constantFrom<readonly [number, 4 | 8]>(
      [v.HEADER_AT_VERSION, 4],
      [v.HEADER_AT_SLOT_SIZE, 4],
      [v.HEADER_AT_PID, 4],
      [v.HEADER_AT_UID, 4],
      [v.HEADER_AT_PARENT_UID, 4],
      [v.HEADER_AT_CREATED_MONO, 8],
      [v.HEADER_AT_CREATED_WALL, 8],
      [v.HEADER_AT_CELLS_OFFSET, 8],
      [v.HEADER_AT_CELL_COUNT, 4],
      [v.HEADER_AT_CELL_SIZE, 4],
      [v.HEADER_AT_META_OFFSET, 8],
      [v.HEADER_AT_META_SLOTS, 8],
      [v.HEADER_AT_RING_OFFSET, 8],
      [v.HEADER_AT_RING_SLOTS, 8],
      [v.HEADER_AT_RING_FLOOR, 8],
      [v.HEADER_AT_META_DROPPED, 8],
      [v.HEADER_AT_STATE, 4],
      [0, 8],
    ),
    fc.oneof(big, u32.map(BigInt)),
  )
  .map(([[at, width], value]) => [at, width, value] as const); // prettier-ignore

const made = fc
  .array(
    fc.record({
      records: fc.array(part, { maxLength: 14 }),
      slots: fc.array(slot, { maxLength: 24 }),
      cells: fc.array(fc.uint8Array({ minLength: 64, maxLength: 64 }), { maxLength: 2 }),
      lies: fc.oneof(
        { weight: 3, arbitrary: fc.constant<HeaderField[]>([]) },
        { weight: 1, arbitrary: fc.array(lie, { maxLength: 3 }) },
      ),
      parent: fc.nat(3),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((all) =>
    all.map((each, at) => journalBytes(at + 1, each.parent, each.records, each.slots, each.cells, each.lies)),
  );

/** Reads a folder of these journals to the end and computes everything that screens show of it. */
export async function checkJournals(journals: readonly Uint8Array[], scratch: string): Promise<void> {
  const folder = join(scratch, 'session');
  mkdirSync(folder, { recursive: true });
  journals.forEach((bytes, at) => {
    writeFileSync(join(folder, `${4001 + at}-${(at + 1).toString(16).padStart(8, '0')}${v.JOURNAL_SUFFIX}`), bytes);
  });
  const session = new Session({ folder, file: SEEDS as never, path: folder, recorded: true, temporary: true });
  try {
    for (let polls = 1; session.poll(); polls++) if (polls > 100) throw new Error('it never comes to an end');
    if (session.model.events > journals.reduce((sum, each) => sum + each.length, 0) / v.SLOT_SIZE)
      throw new Error(`${session.model.events} events out of so few bytes`);
    const [wrong] = violations(session.model, true);
    if (wrong !== undefined) throw new Error(wrong);
    JSON.stringify(session.snapshot());
    JSON.stringify(session.report());
    const { rows } = await session.messages({ library: true }, 0, 20);
    for (const row of rows) JSON.stringify(await session.message(row.id));
    await session.messages({ text: 'a' }, 0, 10);
    for (const each of session.model.channels.all.slice(0, 5)) session.depthHistory(each.id, 50);
  } finally {
    session.dispose(true);
    rmSync(folder, { recursive: true, force: true });
  }
}

export const journals: Target<readonly Uint8Array[]> = {
  name: 'journals',
  share: 0.25,
  inputs: (seeds) =>
    fc.oneof(
      { weight: 3, arbitrary: made },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.constantFrom(...seeds), fc.array(edit, { minLength: 1, maxLength: 8 }))
          .map(([bytes, edits]) => [edited(bytes, edits)]),
      },
    ),
  bytes: (input) => input[0] ?? new Uint8Array(),
  check: checkJournals,
};
