import type { Pool } from '../entities/pool';
import { RUNNING, type TaskIndex, WAITING } from '../entities/taskIndex';

/** What the times of a pool's tasks say of it. */
interface PoolSpan {
  /** ns in which it had unfinished tasks. */
  readonly active: number;
  /** Most tasks that were unfinished at a time. */
  readonly peak: number;
}

const known = new WeakMap<TaskIndex, { version: number; now: number; spans: ReadonlyMap<number, PoolSpan> }>();

/**
 * Of each pool's number: its span, from the submissions and ends of all its tasks. It is the same in whatever order the journals were
 * read, which counters that go along with reading are not; and it looks at every task, so it is for a session that is over.
 * @param now monotonic ns: until then what never ended was unfinished
 */
export function poolSpans(tasks: TaskIndex, pools: readonly Pool[], now: number): ReadonlyMap<number, PoolSpan> {
  const before = known.get(tasks);
  if (before !== undefined && before.version === tasks.version && before.now === now) return before.spans;
  const counts = new Float64Array(pools.length);
  tasks.scan(0, tasks.count, (_id, pool) => {
    counts[pool] = (counts[pool] ?? 0) + 1;
  });
  const begins = pools.map((each) => new Float64Array(counts[each.number] ?? 0));
  const ends = pools.map((each) => new Float64Array(counts[each.number] ?? 0));
  const filled = new Float64Array(pools.length);
  tasks.scan(0, tasks.count, (_id, number, state, _name, _worker, submitted, _started, ended) => {
    const pool = pools[number];
    if (pool === undefined) return;
    const unfinished = state === WAITING || state === RUNNING;
    const at = filled[number] as number;
    filled[number] = at + 1;
    (begins[number] as Float64Array)[at] = submitted;
    (ends[number] as Float64Array)[at] = Math.max(submitted, unfinished ? (pool.terminatedAt ?? now) : ended);
  });
  const spans = new Map<number, PoolSpan>();
  for (const { number } of pools)
    spans.set(number, spanOf((begins[number] as Float64Array).sort(), (ends[number] as Float64Array).sort()));
  known.set(tasks, { version: tasks.version, now, spans });
  return spans;
}

/** @param begins, ends in order of time: of as many tasks, in whatever order these were */
function spanOf(begins: Float64Array, ends: Float64Array): PoolSpan {
  let active = 0;
  let peak = 0;
  let since = 0;
  let ended = 0;
  for (let begun = 0; begun < begins.length; begun++) {
    const at = begins[begun] as number;
    while (ended < begun && (ends[ended] as number) < at) ended++;
    if (ended === begun) {
      if (begun > 0) active += (ends[begun - 1] as number) - since;
      since = at;
    }
    peak = Math.max(peak, begun + 1 - ended);
  }
  if (begins.length > 0) active += (ends[ends.length - 1] as number) - since;
  return { active, peak };
}
