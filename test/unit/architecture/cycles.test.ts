import { describe, expect, test } from 'vitest';
import { cycleOf, type Graph, importGraph } from './cycles';

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

  test('the source has no cycles', () => {
    const graph = importGraph();
    expect(graph.size).toBeGreaterThan(200);
    expect(graph.get('server/core/model/state/sessionModel.ts')).toContain('server/protocol/views/index.ts');
    const cycles = [...graph.keys()].map((file) => cycleOf(graph, file)).filter((each) => each !== null);
    expect(cycles).toEqual([]);
  });
});
