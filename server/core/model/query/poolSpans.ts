import type { Pool } from '../entities/pool';
import { RUNNING, type TaskIndex, WAITING } from '../entities/taskIndex';

/** Figures derived from the times of a pool's tasks. */
interface PoolSpan {
  /** Time with unfinished tasks, ns. */
  readonly active: number;
  /** Maximum number of unfinished tasks at a time. */
  readonly peak: number;
}

const known = new WeakMap<TaskIndex, { version: number; now: number; spans: ReadonlyMap<number, PoolSpan> }>();

/**
 * The span of each pool by its number, from the submissions and ends of all its tasks. The result does not depend on the order in which the journals
 * were read, unlike counters that are updated during reading. It visits every task, so it is meant for an ended session.
 * @param now monotonic ns; tasks without an end count as unfinished until then
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

/** @param begins, ends each in order of time and of equally many tasks, whatever the order of the tasks */
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
