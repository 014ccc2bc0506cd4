/** The work for the drawing is bounded for any number of waits: measured in the size of the layout, not in time. */
import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { bounded, MOST_ARROWS, MOST_NODES, MOST_PILLS } from '../../../media/panel/state/bounds';
import { groupEquivalentNodes } from '../../../media/panel/state/equivalentNodes';
import { layered } from '../../../media/panel/state/layered';
import { DAGRE_LINES, layOut } from '../../../media/panel/state/layout';
import type { WaitDrawing } from '../../../media/panel/state/waits';

const given = vi.hoisted(() => ({ lines: 0, calls: 0 }));
vi.mock('@dagrejs/dagre', async (original) => {
  const dagre = await original<typeof import('@dagrejs/dagre')>();
  const layout = (graph: { edgeCount(): number }, ...rest: unknown[]) => {
    given.lines += graph.edgeCount();
    given.calls += 1;
    return (dagre.layout as (...all: unknown[]) => unknown)(graph, ...rest);
  };
  return { ...dagre, layout };
});
afterEach(() => {
  given.lines = 0;
  given.calls = 0;
});

const size = { width: 100, height: 40 };

/** `count` processes, each blocked in one call on the processes at the distances `ends`. */
function crowd(count: number, ends: readonly number[], bad: readonly number[] = []): WaitDrawing {
  const all = Array.from({ length: count }, (_, index) => index);
  const cycle = (index: number) => bad.includes(index);
  return {
    nodes: all.map((n) => ({ id: `p${n}`, processes: [`p${n}`], dead: false, stuck: cycle(n), cycle: cycle(n) })),
    pills: all.map((n) => ({
      id: `w${n}`,
      node: `p${n}`,
      operation: 'get',
      on: 'q',
      sinceMs: n,
      line: null,
      real: true,
      threads: 1,
      others: 0,
      cycle: cycle(n),
      end: 'known',
    })),
    arrows: all.flatMap((n) =>
      ends.map((by) => ({
        pill: `w${n}`,
        to: `p${(n + by) % count}`,
        why: '',
        cycle: cycle(n) && cycle((n + by) % count),
      })),
    ),
    leftOut: 0,
  };
}
const upTo = (n: number) => Array.from({ length: n }, (_, index) => index + 1);

test.each([
  ['40 that wait for each other', 40, 39],
  ['200 with thousands of arrows', 200, 30],
  ['a long circle', 200, 1],
])('%s', (_name, count, ends) => {
  const whole = crowd(count, upTo(ends));
  const { drawing, left } = bounded(whole);
  expect(drawing.nodes.length).toBeLessThanOrEqual(MOST_NODES);
  expect(drawing.pills.length).toBeLessThanOrEqual(MOST_PILLS);
  expect(drawing.arrows.length).toBeLessThanOrEqual(MOST_ARROWS);
  // What is omitted is reported, also for each wait.
  expect(left).toEqual({
    processes: count - drawing.nodes.length,
    waits: count - drawing.pills.length,
    arrows: count * ends - drawing.arrows.length,
  });
  const arrowsOf = (id: string) => drawing.arrows.filter((each) => each.pill === id).length;
  for (const pill of drawing.pills) expect(arrowsOf(pill.id) + pill.others).toBe(ends);
  expect(bounded(whole)).toBe(bounded(whole));
  const placed = layOut(drawing, () => size);
  expect(given.lines).toBeLessThanOrEqual(DAGRE_LINES);
  expect(placed.routes.length).toBe(drawing.pills.length + drawing.arrows.length);
  apart([...placed.boxes.values()]);
});

test('faults are always drawn', () => {
  const { drawing } = bounded(crowd(500, upTo(8), [490, 491, 492]));
  for (const n of [490, 491, 492]) {
    expect(drawing.nodes.map(({ id }) => id)).toContain(`p${n}`);
    expect(drawing.pills.map(({ id }) => id)).toContain(`w${n}`);
  }
  expect(drawing.arrows.filter(({ cycle }) => cycle).length).toBe(3);
});

test('many small parts exceed the bound together, and small ones are drawn as usual', () => {
  const parts = Array.from({ length: 40 }, (_, n) => crowd(3, [1]).nodes.map(({ id }) => `${n}${id}`));
  const whole: WaitDrawing = {
    nodes: parts.flat().map((id) => ({ id, processes: [id], dead: false, stuck: false, cycle: false })),
    pills: parts.flat().map((id) => ({ ...crowd(1, []).pills[0], id: `w${id}`, node: id }) as never),
    arrows: parts.flatMap((ids) =>
      ids.map((id, n) => ({ pill: `w${id}`, to: ids[(n + 1) % 3] as string, why: '', cycle: false })),
    ),
    leftOut: 0,
  };
  const placed = layOut(bounded(whole).drawing, () => size);
  expect(given).toEqual({ lines: 36, calls: 6 });
  apart([...placed.boxes.values()]);
  const small = crowd(4, [1]);
  expect(bounded(small)).toEqual({ drawing: small, left: { processes: 0, waits: 0, arrows: 0 } });
});

test('layers: nothing overlaps, all lines begin and end at their boxes, in few steps', () => {
  const graph = fc.record({
    count: fc.integer({ min: 1, max: 40 }),
    lines: fc.array(fc.tuple(fc.nat(39), fc.nat(39)), { maxLength: 120 }),
    width: fc.integer({ min: 50, max: 2000 }),
  });
  fc.assert(
    fc.property(graph, ({ count, lines, width }) => {
      const sizes = new Map(
        Array.from({ length: count }, (_, n) => [String(n), { width: 40 + n, height: 20 + (n % 5) }]),
      );
      const named = lines.map(([from, to]) => ({ from: String(from % count), to: String(to % count) }));
      const placed = layered(sizes, named, width);
      expect(placed.boxes.size).toBe(count);
      expect(placed.points.length).toBe(named.length);
      apart([...placed.boxes.values()]);
      for (const [index, points] of placed.points.entries()) {
        for (const [point, id] of [
          [points[0], named[index]?.from],
          [points.at(-1), named[index]?.to],
        ] as const) {
          const box = placed.boxes.get(id as string) as { x: number; y: number; width: number; height: number };
          expect(Math.abs((point as { x: number }).x - box.x)).toBeLessThanOrEqual(box.width / 2 + 1e-6);
          expect(Math.abs((point as { y: number }).y - box.y)).toBeLessThanOrEqual(box.height / 2 + 1e-6);
        }
      }
      for (const { x, y, width: wide, height } of placed.boxes.values()) {
        expect(x - wide / 2).toBeGreaterThanOrEqual(-1e-6);
        expect(x + wide / 2).toBeLessThanOrEqual(placed.width + 1e-6);
        expect(y + height / 2).toBeLessThanOrEqual(placed.height + 1e-6);
      }
    }),
  );
});

test('equivalent nodes are found without comparing all pairs', () => {
  const count = 200;
  const ids = Array.from({ length: count }, (_, n) => `p${n}`);
  let asked = 0;
  const edges = ids.flatMap((from, n) =>
    upTo(20).map((by) => ({ from, to: `p${(n * by + by) % count}`, label: `l${n % 7}` })),
  );
  const kind = (id: string) => {
    asked += 1;
    return id.slice(0, 2);
  };
  groupEquivalentNodes(ids, kind, edges);
  expect(asked).toBeLessThan(20 * count);
});

function apart(boxes: readonly { x: number; y: number; width: number; height: number }[]): void {
  for (const [index, one] of boxes.entries())
    for (const other of boxes.slice(index + 1))
      if (
        Math.abs(one.x - other.x) < (one.width + other.width) / 2 - 1e-6 &&
        Math.abs(one.y - other.y) < (one.height + other.height) / 2 - 1e-6
      )
        throw new Error('two boxes overlap');
}
