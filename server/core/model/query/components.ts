/** Strongly connected components of two nodes and more, and single ones with an edge to themselves (Tarjan). */
export function components<T>(nodes: readonly T[], next: (node: T) => readonly T[]): T[][] {
  const inside = new Set(nodes);
  const index = new Map<T, number>();
  const low = new Map<T, number>();
  const stack: T[] = [];
  const onStack = new Set<T>();
  const found: T[][] = [];
  const lower = (node: T, value: number) => low.set(node, Math.min(low.get(node) as number, value));
  for (const root of nodes) {
    if (index.has(root)) continue;
    const path: { node: T; rest: Iterator<T> }[] = [];
    const visit = (node: T) => {
      index.set(node, index.size);
      low.set(node, index.get(node) as number);
      stack.push(node);
      onStack.add(node);
      path.push({ node, rest: next(node).values() });
    };
    visit(root);
    while (path.length > 0) {
      const { node, rest } = path[path.length - 1] as { node: T; rest: Iterator<T> };
      const step = rest.next();
      if (!step.done) {
        if (!inside.has(step.value)) continue;
        if (!index.has(step.value)) visit(step.value);
        else if (onStack.has(step.value)) lower(node, index.get(step.value) as number);
        continue;
      }
      path.pop();
      const parent = path.at(-1)?.node;
      if (parent !== undefined) lower(parent, low.get(node) as number);
      if (low.get(node) !== index.get(node)) continue;
      const group: T[] = [];
      let member: T;
      do {
        member = stack.pop() as T;
        onStack.delete(member);
        group.push(member);
      } while (member !== node);
      if (group.length > 1 || next(node).includes(node)) found.push(group.reverse());
    }
  }
  return found;
}
