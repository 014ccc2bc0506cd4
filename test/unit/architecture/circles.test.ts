import { describe, expect, test } from 'vitest';
import { CIRCLE_DEBTS, circleOf, type Graph, importGraph } from './circles';

describe('circles of imports', () => {
  test('the shortest way back to a file is told', () => {
    const graph: Graph = new Map([
      ['a', ['b', 'd']],
      ['b', ['c']],
      ['c', ['a']],
      ['d', ['a', 'e']],
      ['e', ['d']],
      ['f', ['a', 'g']],
    ]);
    expect(circleOf(graph, 'a')).toBe('a -> d -> a');
    expect(circleOf(graph, 'c')).toBe('c -> a -> b -> c');
    expect(circleOf(graph, 'e')).toBe('e -> d -> e');
    expect(circleOf(graph, 'f')).toBeNull();
    expect(circleOf(graph, 'g')).toBeNull();
  });

  test('the source has none but those of its debts, and these are still there', () => {
    const graph = importGraph();
    expect(graph.size).toBeGreaterThan(200);
    expect(graph.get('server/core/model/model.ts')).toContain('server/protocol/views.ts');
    const circles = new Map([...graph.keys()].map((file) => [file, circleOf(graph, file)]));
    const found = [...circles.keys()].filter((file) => circles.get(file) !== null);
    const added = found.filter((file) => !CIRCLE_DEBTS.includes(file)).map((file) => circles.get(file));
    expect(added).toEqual([]);
    expect(found.sort()).toEqual([...CIRCLE_DEBTS].sort());
  });
});
