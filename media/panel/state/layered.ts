/**
 * Lays out a graph of any size in layers, in time linear in its nodes and lines: for graphs too large for dagre. Pure.
 */
import type { Box, Point, Size } from './geometry';

interface Line {
  readonly from: string;
  readonly to: string;
}
interface Placed extends Size {
  readonly boxes: ReadonlyMap<string, Box>;
  /** One entry per line. */
  readonly points: readonly (readonly Point[])[];
}

const GAP = 22;
const RANK_GAP = 30;
/** Bend of two opposite lines between the same nodes, so that they do not overlap. */
const BEND = 14;

/** @param width maximum width of a layer: a wider one continues below */
export function layered(sizes: ReadonlyMap<string, Size>, lines: readonly Line[], width: number): Placed {
  const boxes = new Map<string, Box>();
  let y = 0;
  let widest = 0;
  const rows: string[][] = [];
  for (const layer of layers([...sizes.keys()], lines)) rows.push(...broken(layer, sizes, width));
  for (const row of rows) {
    let x = 0;
    let height = 0;
    for (const id of row) {
      const size = sizes.get(id) as Size;
      boxes.set(id, { ...size, x: x + size.width / 2, y: y + size.height / 2 });
      x += size.width + GAP;
      height = Math.max(height, size.height);
    }
    widest = Math.max(widest, x - GAP);
    y += height + RANK_GAP;
  }
  for (const row of rows) {
    const last = boxes.get(row.at(-1) as string) as Box;
    const shift = (widest - (last.x + last.width / 2)) / 2;
    for (const id of row) {
      const box = boxes.get(id) as Box;
      boxes.set(id, { ...box, x: box.x + shift });
    }
  }
  const there = new Set(lines.map(({ from, to }) => `${from}\n${to}`));
  const points = lines.map(({ from, to }) =>
    route(boxes.get(from) as Box, boxes.get(to) as Box, there.has(`${to}\n${from}`)),
  );
  return { width: widest, height: Math.max(0, y - RANK_GAP), boxes, points };
}

/**
 * Each node is below all of its predecessors, except along lines that would close a cycle; within a layer nodes are
 * ordered by their predecessors.
 */
function layers(ids: readonly string[], lines: readonly Line[]): string[][] {
  const out = new Map<string, string[]>(ids.map((id) => [id, []]));
  for (const { from, to } of lines) if (from !== to) out.get(from)?.push(to);
  const order = topological(ids, out);
  const place = new Map(order.map((id, index) => [id, index]));
  const level = new Map<string, number>();
  const found: string[][] = [];
  for (const id of order) {
    const at = level.get(id) ?? 0;
    for (const to of out.get(id) ?? [])
      if ((place.get(to) as number) > (place.get(id) as number)) level.set(to, Math.max(level.get(to) ?? 0, at + 1));
    found[at] ??= [];
    found[at].push(id);
  }
  const sum = new Map<string, { x: number; n: number }>();
  for (const layer of found) {
    const mean = (id: string) => (sum.has(id) ? (sum.get(id)?.x ?? 0) / (sum.get(id)?.n ?? 1) : 0);
    layer.sort((a, b) => mean(a) - mean(b));
    layer.forEach((id, index) => {
      for (const to of out.get(id) ?? []) {
        const { x, n } = sum.get(to) ?? { x: 0, n: 0 };
        sum.set(to, { x: x + index / layer.length, n: n + 1 });
      }
    });
  }
  return found;
}

/** Depth first, without recursion: a chain may be long. Back edges are the lines that close a cycle. */
function topological(ids: readonly string[], out: ReadonlyMap<string, readonly string[]>): string[] {
  const done: string[] = [];
  const seen = new Set<string>();
  for (const start of ids) {
    if (seen.has(start)) continue;
    seen.add(start);
    const way: { readonly id: string; next: number }[] = [{ id: start, next: 0 }];
    for (let top = way.at(-1); top !== undefined; top = way.at(-1)) {
      const to = out.get(top.id)?.[top.next++];
      if (to === undefined) done.push((way.pop() as { id: string }).id);
      else if (!seen.has(to)) {
        seen.add(to);
        way.push({ id: to, next: 0 });
      }
    }
  }
  return done.reverse();
}

function broken(layer: readonly string[], sizes: ReadonlyMap<string, Size>, width: number): string[][] {
  const rows: string[][] = [[]];
  let x = 0;
  for (const id of layer) {
    const wide = (sizes.get(id) as Size).width;
    if (x > 0 && x + wide > width) {
      rows.push([]);
      x = 0;
    }
    rows.at(-1)?.push(id);
    x += wide + GAP;
  }
  return rows;
}

/** From the edge of one box to that of the other. */
function route(from: Box, to: Box, bent: boolean): Point[] {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  const middle = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
  if (!bent) return [edge(from, to), edge(to, from)];
  const by = { x: middle.x - (dy / length) * BEND, y: middle.y + (dx / length) * BEND };
  return [edge(from, by), by, edge(to, by)];
}

/** Where the line from a box's center to a point leaves the box. */
function edge({ x, y, width, height }: Box, to: Point): Point {
  const [dx, dy] = [to.x - x, to.y - y];
  const scale = Math.min(dx === 0 ? 1 : width / 2 / Math.abs(dx), dy === 0 ? 1 : height / 2 / Math.abs(dy), 1);
  return { x: x + dx * scale, y: y + dy * scale };
}
