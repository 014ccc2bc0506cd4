import { describe, expect, test } from 'vitest';
import { CYCLE_DEBTS, cycleOf, type Graph, importGraph } from './cycles';

describe('import cycles', () => {
  test('the shortest path back to a file is reported', () => {
    const graph: Graph = new Map([
      ['a', ['b', 'd']],
      ['b', ['c']],
      ['c', ['a']],
      ['d', ['a', 'e']],
      ['e', ['d']],
      ['f', ['a', 'g']],
    ]);
    expect(cycleOf(graph, 'a')).toBe('a -> d -> a');
    expect(cycleOf(graph, 'c')).toBe('c -> a -> b -> c');
    expect(cycleOf(graph, 'e')).toBe('e -> d -> e');
    expect(cycleOf(graph, 'f')).toBeNull();
    expect(cycleOf(graph, 'g')).toBeNull();
  });

  test('the source has no cycles except its debts, and every debt still exists', () => {
    const graph = importGraph();
    expect(graph.size).toBeGreaterThan(200);
    expect(graph.get('server/core/model/model.ts')).toContain('server/protocol/views.ts');
    const cycles = new Map([...graph.keys()].map((file) => [file, cycleOf(graph, file)]));
    const found = [...cycles.keys()].filter((file) => cycles.get(file) !== null);
    const added = found.filter((file) => !CYCLE_DEBTS.includes(file)).map((file) => cycles.get(file));
    expect(added).toEqual([]);
    expect(found.sort()).toEqual([...CYCLE_DEBTS].sort());
  });
});
