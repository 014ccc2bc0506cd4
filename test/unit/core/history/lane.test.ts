import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Columns } from '../../../../server/core/history/columns';
import { Lane, type ReadSpans, type Span } from '../../../../server/core/history/lane';
import { LaneLeaves } from '../../../../server/core/history/laneLeaves';
import { StateTime } from '../../../../server/core/history/stateTime';
import { GET, LOCK, MIXED, OPEN, PUT, RUNNING, SEVERITY_SHIFT, STATES, SUMMARY } from '../../../../server/shared/lanes';

const MS = 1e6;

/** Operations of one thread: each begins where the one before it ended, or later. */
const operations = fc
  .array(
    fc.record({
      gap: fc.integer({ min: 0, max: 40 * MS }),
      length: fc.oneof(fc.integer({ min: 0, max: 5 * MS }), fc.integer({ min: 0, max: 4000 * MS })),
      state: fc.integer({ min: 1, max: STATES - 1 }),
      severity: fc.integer({ min: 0, max: 3 }),
    }),
    { maxLength: 700 },
  )
  .map((list) => {
    let at = 0;
    return list.map(({ gap, length, state, severity }): Span => {
      const t0 = at + gap;
      at = t0 + length;
      return { state, t0, t1: at, severity };
    });
  });

function each(spans: readonly Span[], first: number, last: number, visit: (span: Span) => void): void {
  for (const span of spans.slice(first, last + 1)) visit(span);
}

function laneOf(spans: readonly Span[]): { lane: Lane; read: ReadSpans } {
  const lane = new Lane(0);
  for (const [seq, { state, t0, t1, severity }] of spans.entries()) lane.add(seq, state, t0, t1, severity);
  return { lane, read: (first, last, visit) => each(spans, first, last, visit) };
}

/** The state in which the thread was for most of each column, by looking at every operation. */
function slowly(spans: readonly Span[], from: number, width: number, count: number, end: number): number[][] {
  return Array.from({ length: count }, (_, column) => {
    const left = from + column * width;
    const time = new Array<number>(STATES).fill(0);
    for (const { state, t0, t1 } of spans) time[state]! += Math.max(0, Math.min(t1, left + width) - Math.max(t0, left));
    time[RUNNING] = Math.min(end, left + width) - Math.max(0, left) - time.reduce((a, b) => a + b, 0);
    return time;
  });
}

describe('one thread over time', () => {
  test('single operations in sight give each column the state that most of it was in', () => {
    fc.assert(
      fc.property(operations, fc.nat(20_000), fc.integer({ min: 1, max: 3000 }), (spans, start, span) => {
        const { lane, read } = laneOf(spans);
        const count = 50;
        const width = Math.max(64, (span * MS) / count);
        const from = start * MS;
        const end = spans.at(-1)?.t1 ?? 0;
        const runs = lane.runs({ from, width, columns: count, now: end }, end, null, read);
        const expected = slowly(spans, from, width, count, end);
        for (const [x0, x1, state, flags] of runs)
          for (let column = x0; column < x1; column++) {
            const time = expected[column] as number[];
            const alive = Math.min(end, from + (column + 1) * width) - Math.max(0, from + column * width);
            expect(time[state]).toBeGreaterThanOrEqual(Math.max(...time) - 1);
            const most = time[state] as number;
            if (Math.abs(most - alive * 0.75) > 1) expect((flags & MIXED) !== 0).toBe(most < alive * 0.75);
          }
      }),
    );
  });

  test('summaries conserve time', () => {
    fc.assert(
      fc.property(operations, (spans) => {
        const time = new StateTime(0);
        for (const { state, t0, t1, severity } of spans) time.add(state, t0, t1, severity);
        const end = (spans.at(-1)?.t1 ?? 0) + 1;
        const sums = new Array<number>(STATES).fill(0);
        const probe = new Columns(0, end, 1);
        const spread = probe.spread.bind(probe);
        probe.spread = (state, t0, t1, amount, from, to) => {
          sums[state]! += amount;
          spread(state, t0, t1, amount, from, to);
        };
        time.into(probe, 0, Number.POSITIVE_INFINITY);
        for (let state = 1; state < STATES; state++) {
          const truth = spans.filter((each) => each.state === state).reduce((sum, each) => sum + each.t1 - each.t0, 0);
          expect(Math.abs((sums[state] as number) - truth)).toBeLessThanOrEqual(truth * 1e-4 + 1000);
        }
      }),
    );
  });

  test('no operation in a window is missed by the index', () => {
    fc.assert(
      fc.property(operations, fc.nat(20_000), fc.nat(5000), (spans, start, length) => {
        const leaves = new LaneLeaves();
        for (const [seq, { state, t0, t1 }] of spans.entries()) leaves.add(seq, state, t0, t1, 0);
        const [from, to] = [start * MS, (start + length) * MS];
        const ranges = leaves.ranges(from, to);
        for (const [seq, { t0, t1 }] of spans.entries())
          if (t0 <= to && t1 >= from) expect(ranges.some((each) => each.first <= seq && seq <= each.last)).toBe(true);
      }),
    );
  });

  test('a wait of an hour that ends last is found in a window in its middle', () => {
    const spans: Span[] = [];
    for (let i = 0; i < 2000; i++) spans.push({ state: PUT, t0: i * MS, t1: i * MS + 1000, severity: 0 });
    spans.push({ state: GET, t0: 2000 * MS, t1: 3_600_000 * MS, severity: 0 });
    const { lane, read } = laneOf(spans);
    const window = { from: 1_800_000 * MS, width: MS, columns: 10, now: 3_600_000 * MS };
    expect(lane.runs(window, null, null, read)).toEqual([[0, 10, GET, 0]]);
  });

  test('one error among ten thousand operations is seen when the whole run is in one column', () => {
    const spans = Array.from(
      { length: 100_000 },
      (_, i): Span => ({ state: PUT, t0: i * MS, t1: i * MS + 1000, severity: i === 31_337 ? 3 : 0 }),
    );
    const { lane, read } = laneOf(spans);
    const [run] = lane.runs({ from: 0, width: 100_000 * MS, columns: 1, now: 100_000 * MS }, null, null, read);
    expect(run?.[2]).toBe(RUNNING);
    expect((run?.[3] ?? 0) >> SEVERITY_SHIFT).toBe(3);
  });

  test('what was recycled comes from summaries, marked as such', () => {
    const spans = Array.from(
      { length: 2000 },
      (_, i): Span => ({ state: LOCK, t0: i * MS, t1: (i + 1) * MS, severity: 0 }),
    );
    const { lane } = laneOf(spans);
    lane.recycled(1024);
    const read: ReadSpans = (first, last, visit) => {
      expect(first).toBeGreaterThanOrEqual(1024);
      each(spans, first, last, visit);
    };
    const runs = lane.runs({ from: 0, width: 100 * MS, columns: 20, now: 2000 * MS }, 2000 * MS, null, read);
    expect(runs.every(([, , state]) => state === LOCK)).toBe(true);
    expect(runs.map(([x0, , , flags]) => [x0, flags])).toEqual([
      [0, SUMMARY],
      [11, 0],
    ]);
  });

  test('what goes on is drawn up to now', () => {
    const { lane, read } = laneOf([]);
    const open = { state: GET, t0: 300 * MS };
    expect(lane.runs({ from: 0, width: 100 * MS, columns: 10, now: 500 * MS }, null, open, read)).toEqual([
      [0, 3, RUNNING, 0],
      [3, 4, GET, 0],
      [4, 5, GET, OPEN],
    ]);
  });
});
