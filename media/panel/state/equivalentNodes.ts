/** Finds equivalent nodes of a graph. Pure. */

interface LabelledEdge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

/**
 * Smaller groups are drawn individually: two that send to each other and do not receive are the finding, not a crowd.
 */
const MANY = 4;

/**
 * Groups nodes of the same kind that have the same edges to and from all others. Members may have edges to each other,
 * if all have the same. Exact: a group's single node is accurate for each member.
 */
export function groupEquivalentNodes(
  ids: readonly string[],
  kind: (id: string) => string,
  edges: readonly LabelledEdge[],
): readonly (readonly string[])[] {
  const out = new Map<string, Map<string, string>>();
  const into = new Map<string, Map<string, string>>();
  for (const { from, to, label } of edges) {
    add(out, from, to, label);
    add(into, to, from, label);
  }
  const none: ReadonlyMap<string, string> = new Map();
  const alike = (a: string, b: string): boolean =>
    same(out.get(a) ?? none, out.get(b) ?? none, a, b) && same(into.get(a) ?? none, into.get(b) ?? none, a, b);

  const groups: string[][] = [];
  // Only nodes with as many neighbors, by the same kinds of edges, are compared neighbor by neighbor.
  const candidates = new Map<string, string[][]>();
  for (const id of ids) {
    const key = JSON.stringify([kind(id), labels(out.get(id) ?? none), labels(into.get(id) ?? none)]);
    const similar = candidates.get(key) ?? [];
    candidates.set(key, similar);
    const group = similar.find((each) => alike(each[0] as string, id));
    if (group === undefined) {
      const made = [id];
      groups.push(made);
      similar.push(made);
    } else group.push(id);
  }
  return groups.flatMap((group) => (group.length >= MANY ? [group] : group.map((id) => [id])));
}

function add(map: Map<string, Map<string, string>>, key: string, other: string, label: string): void {
  const known = map.get(key) ?? new Map<string, string>();
  map.set(key, known);
  const labels = new Set((known.get(other) ?? '').split('\n').filter((each) => each !== ''));
  known.set(other, [...labels.add(label)].sort().join('\n'));
}

/** The labels of a node's edges, in an order independent of its neighbors. */
function labels(edges: ReadonlyMap<string, string>): string[] {
  return [...edges.values()].sort();
}

/** Whether `a`'s neighbors are `b`'s, with `a` and `b` swapped. */
function same(as: ReadonlyMap<string, string>, bs: ReadonlyMap<string, string>, a: string, b: string): boolean {
  if (as.size !== bs.size) return false;
  for (const [other, label] of as) {
    const counterpart = other === b ? a : other === a ? b : other;
    if (bs.get(counterpart) !== label) return false;
  }
  return true;
}
