/** Bounds the drawing of the waits: faults first, and never so much that the window becomes slow. Pure. */
import type { WaitArrow, WaitDrawing, WaitNode, WaitPill } from './waits';

/** More cannot be viewed at once, and this many are drawn without a pause. */
export const MOST_NODES = 120;
export const MOST_PILLS = 160;
export const MOST_ARROWS = 300;

interface Bounded {
  readonly drawing: WaitDrawing;
  /** What the list contains and the drawing omits. */
  readonly left: { readonly processes: number; readonly waits: number; readonly arrows: number };
}

const NOTHING = { processes: 0, waits: 0, arrows: 0 };
/** Drawings are requested many times a second, and are the same objects while nothing changes. */
const known = new WeakMap<WaitDrawing, Bounded>();

export function bounded(drawing: WaitDrawing): Bounded {
  let found = known.get(drawing);
  if (found === undefined) {
    const { nodes, pills, arrows } = drawing;
    const fits = nodes.length <= MOST_NODES && pills.length <= MOST_PILLS && arrows.length <= MOST_ARROWS;
    found = fits ? { drawing, left: NOTHING } : choose(drawing);
    known.set(drawing, found);
  }
  return found;
}

function choose(drawing: WaitDrawing): Bounded {
  const byId = new Map(drawing.nodes.map((each) => [each.id, each]));
  const pills = [...drawing.pills].sort((a, b) => weight(b, byId) - weight(a, byId)).slice(0, MOST_PILLS);
  const of = new Map<string, WaitArrow[]>();
  for (const each of drawing.pills) of.set(each.id, []);
  for (const each of drawing.arrows) of.get(each.pill)?.push(each);
  for (const each of of.values()) each.sort((a, b) => Number(b.cycle) - Number(a.cycle));

  const nodes = new Set<string>();
  const take = (id: string): boolean => nodes.has(id) || (nodes.size < MOST_NODES && nodes.add(id) !== undefined);
  const drawn: WaitPill[] = [];
  for (const pill of pills) if (take(pill.node)) drawn.push(pill);
  const arrows: WaitArrow[] = [];
  // Round-robin, so that each wait gets its first arrow before any gets its second.
  for (let turn = 0, any = true; any && arrows.length < MOST_ARROWS; turn++) {
    any = false;
    for (const pill of drawn) {
      const arrow = of.get(pill.id)?.[turn];
      if (arrow === undefined) continue;
      any = true;
      if (arrows.length < MOST_ARROWS && take(arrow.to)) arrows.push(arrow);
    }
  }
  const has = new Map<string, number>();
  for (const { pill } of arrows) has.set(pill, (has.get(pill) ?? 0) + 1);
  const processes = (each: readonly WaitNode[]) => each.reduce((sum, { processes: all }) => sum + all.length, 0);
  const kept = drawing.nodes.filter((each) => nodes.has(each.id));
  return {
    drawing: {
      nodes: kept,
      // An omitted arrow still leads to a process that could end the wait.
      pills: drawn.map((pill) => ({
        ...pill,
        others: pill.others + (of.get(pill.id)?.length ?? 0) - (has.get(pill.id) ?? 0),
      })),
      arrows,
      leftOut: drawing.leftOut,
    },
    left: {
      processes: processes(drawing.nodes) - processes(kept),
      waits: drawing.pills.length - drawn.length,
      arrows: drawing.arrows.length - arrows.length,
    },
  };
}

/** Faults come first, then endless waits, then the rest; within each the longest first. */
function weight({ node, cycle, end, real, sinceMs }: WaitPill, nodes: ReadonlyMap<string, WaitNode>): number {
  const kind = cycle ? 4 : end === 'none' ? 3 : nodes.get(node)?.stuck ? 2 : real ? 1 : 0;
  return kind * 1e12 - sinceMs;
}
