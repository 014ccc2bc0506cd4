/** Finds import cycles, type imports included. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { importsOf, ROOT, resolveImport, sources } from './imports';

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

/**
 * Files that are still part of an import cycle. The list only gets shorter.
 *
 * The model's parts know the model that contains them.
 */
export const CYCLE_DEBTS: readonly string[] = [
  'server/core/model/channels.ts',
  'server/core/model/developer.ts',
  'server/core/model/events.ts',
  'server/core/model/locks.ts',
  'server/core/model/meetings.ts',
  'server/core/model/model.ts',
  'server/core/model/poolActivity.ts',
  'server/core/model/poolSpans.ts',
  'server/core/model/poolTasks.ts',
  'server/core/model/poolWorkers.ts',
  'server/core/model/pools.ts',
  'server/core/model/processes.ts',
  'server/core/model/records.ts',
  'server/core/model/signals.ts',
  'server/core/model/unfinished.ts',
  'server/core/model/waits.ts',
];
