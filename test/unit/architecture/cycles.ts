/** Finds import cycles, type imports included. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './files';
import { importsOf, resolveImport, sources } from './imports';

/** The imports of each file. */
export type Graph = ReadonlyMap<string, readonly string[]>;

/** The project's own source. */
export function importGraph(): Graph {
  const files = sources();
  return new Map(
    files.map((file) => {
      const specifiers = importsOf(file, readFileSync(path.join(ROOT, file), 'utf8'));
      return [file, specifiers.filter((each) => each.startsWith('.')).map((each) => resolveImport(file, each))];
    }),
  );
}

/** A shortest path from a file back to itself, as `a -> b -> a`; null if there is none. */
export function cycleOf(graph: Graph, start: string): string | null {
  const before = new Map<string, string>();
  const way = [start];
  for (const at of way)
    for (const next of graph.get(at) ?? []) {
      if (next === start) return wayTo(before, start, at).concat(start).join(' -> ');
      if (before.has(next)) continue;
      before.set(next, at);
      way.push(next);
    }
  return null;
}

function wayTo(before: ReadonlyMap<string, string>, start: string, end: string): string[] {
  const way = [end];
  for (let at = end; at !== start; way.unshift(at)) at = before.get(at) as string;
  return way;
}
