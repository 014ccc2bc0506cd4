import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ticks } from '../../../../media/panel/timeline/ticks';
import {
  clamp,
  frame,
  pan,
  reveal,
  SHORTEST_MS,
  scaleOf,
  toTime,
  toX,
  wholeRun,
  zoom,
} from '../../../../media/panel/timeline/viewport';

const length = fc.double({ min: 1, max: 1e8, noNaN: true });
const share = fc.double({ min: 0, max: 1, noNaN: true });
const factor = fc.double({ min: 0.01, max: 100, noNaN: true });

test('no gesture leaves the run or shows less than can be shown', () => {
  fc.assert(
    fc.property(length, fc.array(fc.tuple(share, factor, fc.boolean())), (run, gestures) => {
      const whole = wholeRun(run);
      let view = whole;
      for (const [where, by, zooms] of gestures) {
        const at = view.from + where * (view.to - view.from);
        view = zooms ? zoom(view, at, by, run) : pan(view, (by - 1) * (view.to - view.from), run);
        const slack = (whole.to - whole.from) * 1e-9;
        expect(view.from).toBeGreaterThanOrEqual(whole.from - slack);
        expect(view.to).toBeLessThanOrEqual(whole.to + slack);
        expect(view.to - view.from).toBeGreaterThanOrEqual(SHORTEST_MS - slack);
      }
    }),
  );
});

test('what is under the pointer stays there while it zooms, where the run reaches so far', () => {
  const before = { from: 400, to: 600 };
  const after = zoom(before, 450, 0.5, 1000);
  expect(after).toEqual({ from: 425, to: 525 });
  expect(toX(scaleOf(after, 800), 450)).toBeCloseTo(toX(scaleOf(before, 800), 450));
});

test('a place and its time are the same', () => {
  const scale = scaleOf({ from: 100, to: 300 }, 1000);
  expect(toX(scale, 150)).toBe(250);
  expect(toTime(scale, 250)).toBe(150);
});

test('a span is framed with room, and a moment out of sight is brought into it', () => {
  expect(frame(100, 200, 1000)).toEqual({ from: 90, to: 210 });
  expect(reveal({ from: 0, to: 100 }, 50, 1000)).toEqual({ from: 0, to: 100 });
  expect(reveal({ from: 0, to: 100 }, 500, 1000)).toEqual({ from: 450, to: 550 });
  expect(clamp({ from: 990, to: 1190 }, 1000).to).toBe(1010);
});

test('marks stand at round times, apart, with labels that differ', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1e7, noNaN: true }),
      fc.double({ min: -1, max: 8, noNaN: true }),
      (from, power) => {
        const view = { from, to: from + 10 ** power };
        const marks = ticks(view, 1000, 80);
        expect(marks.length).toBeLessThanOrEqual(14);
        expect(new Set(marks.map((each) => each.label)).size).toBe(marks.length);
        for (const { at } of marks) expect(at >= view.from - 1e-6 && at <= view.to + 1e-6).toBe(true);
      },
    ),
  );
  expect(ticks({ from: 0, to: 1000 }, 500, 100).map((each) => each.label)).toEqual([
    '0.0 s',
    '0.2 s',
    '0.4 s',
    '0.6 s',
    '0.8 s',
    '1.0 s',
  ]);
  expect(ticks({ from: 0, to: 600_000 }, 500, 100).map((each) => each.label)).toEqual([
    '0:00',
    '2:00',
    '4:00',
    '6:00',
    '8:00',
    '10:00',
  ]);
});
