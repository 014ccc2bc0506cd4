import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { heightOf, LANE_HEIGHT, layRows, rowAt, rowsIn } from '../../../../media/panel/timeline/rows';

const NOTHING = { collapsed: new Set<string>(), pinned: [] };
const family = new Map<string | null, string[]>([
  [null, ['main']],
  ['main', ['a', 'b']],
  ['a', ['a1', 'a2']],
]);
const lanes = (rows: ReturnType<typeof layRows>) =>
  rows.flatMap((each) => (each.kind === 'lane' ? [`${'  '.repeat(each.level)}${each.id}`] : []));

test('lanes are nested by parent, in order', () => {
  expect(lanes(layRows(family, [], NOTHING))).toEqual(['main', '  a', '    a1', '    a2', '  b']);
});

test('folded lanes are counted', () => {
  const rows = layRows(family, [], { collapsed: new Set(['main']), pinned: [] });
  expect(rows).toEqual([{ kind: 'lane', id: 'main', top: 0, height: LANE_HEIGHT, level: 0, open: false, folded: 4 }]);
});

test('a pinned lane comes first, and its children stay where they are', () => {
  expect(lanes(layRows(family, [], { collapsed: new Set(), pinned: ['a'] }))).toEqual([
    'a',
    'main',
    '    a1',
    '    a2',
    '  b',
  ]);
});

test('a chain of ten thousand forks is laid out', () => {
  const chain = new Map<string | null, string[]>([[null, ['0']]]);
  for (let i = 0; i < 10_000; i++) chain.set(`${i}`, [`${i + 1}`]);
  expect(layRows(chain, [], NOTHING)).toHaveLength(10_001);
});

test('what is at a height is found', () => {
  const rows = layRows(family, ['q'], NOTHING);
  fc.assert(
    fc.property(fc.double({ min: -50, max: heightOf(rows) + 50, noNaN: true }), (y) => {
      const expected = rows.findIndex((each) => y >= each.top && y < each.top + each.height);
      expect(rowAt(rows, y)).toBe(expected);
    }),
  );
  expect(rowsIn(rows, LANE_HEIGHT, LANE_HEIGHT * 2 + 1).map((each) => each.id)).toEqual(['a', 'a1']);
});
