/** Positions of the parts of the waits' drawing. Pure: sizes in, positions out; all in pixels. */
import { graphlib, layout } from '@dagrejs/dagre';
import type { Box, Point, Size } from './geometry';
import { layered } from './layered';
import type { WaitArrow, WaitDrawing } from './waits';

interface Route {
  /** The pill that it leaves or enters. */
  readonly pill: string;
  /** null: from a process to its wait, without an arrowhead. */
  readonly arrow: WaitArrow | null;
  readonly cycle: boolean;
  readonly points: readonly Point[];
}
interface Layout extends Size {
  readonly boxes: ReadonlyMap<string, Box>;
  readonly routes: readonly Route[];
}

const GAP = 28;
const NODE_GAP = 22;
const RANK_GAP = 26;
const MARGIN = 6;
/**
 * Maximum number of lines, over all parts, for dagre, which draws best but takes more than ten times as long for three
 * times as many (30 nodes with 120 lines: over a second). Larger drawings use plain layers.
 */
export const DAGRE_LINES = 36;

/**
 * Lays out each connected part, then arranges the parts in rows.
 * @param width maximum width of a row of parts; a wider part has its own row
 */
export function layOut(drawing: WaitDrawing, sizeOf: (id: string) => Size, width = 900): Layout {
  const boxes = new Map<string, Box>();
  const routes: Route[] = [];
  let [x, y, rowHeight, right] = [MARGIN, MARGIN, 0, 0];
  let budget = DAGRE_LINES;
  for (const part of parts(drawing)) {
    const lines = part.pills.length + part.arrows.length;
    const placed = lines <= budget ? finely(part, sizeOf) : plainly(part, sizeOf, width);
    if (lines <= budget) budget -= lines;
    if (x > MARGIN && x + placed.width + MARGIN > width) {
      x = MARGIN;
      y += rowHeight + GAP;
      rowHeight = 0;
    }
    for (const [id, box] of placed.boxes) boxes.set(id, { ...box, x: box.x + x, y: box.y + y });
    for (const route of placed.routes)
      routes.push({ ...route, points: route.points.map((each) => ({ x: each.x + x, y: each.y + y })) });
    x += placed.width;
    right = Math.max(right, x);
    rowHeight = Math.max(rowHeight, placed.height);
    x += GAP;
  }
  return { width: right + MARGIN, height: y + rowHeight + MARGIN, boxes, routes };
}

interface Line {
  readonly from: string;
  readonly to: string;
  readonly route: Omit<Route, 'points'>;
}

function linesOf({ pills, arrows }: WaitDrawing): Line[] {
  return [
    ...pills.map((pill) => ({
      from: pill.node,
      to: pill.id,
      route: { pill: pill.id, arrow: null, cycle: pill.cycle },
    })),
    ...arrows.map((arrow) => ({
      from: arrow.pill,
      to: arrow.to,
      route: { pill: arrow.pill, arrow, cycle: arrow.cycle },
    })),
  ];
}

function plainly(part: WaitDrawing, sizeOf: (id: string) => Size, width: number): Layout {
  const lines = linesOf(part);
  const sizes = new Map([...part.nodes, ...part.pills].map(({ id }) => [id, sizeOf(id)]));
  const placed = layered(sizes, lines, width);
  return { ...placed, routes: lines.map(({ route }, index) => ({ ...route, points: placed.points[index] ?? [] })) };
}

function finely(part: WaitDrawing, sizeOf: (id: string) => Size): Layout {
  const graph = new graphlib.Graph({ directed: true, multigraph: true });
  graph.setGraph({ rankdir: 'TB', nodesep: NODE_GAP, edgesep: 12, ranksep: RANK_GAP, marginx: 0, marginy: 0 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const each of [...part.nodes, ...part.pills]) graph.setNode(each.id, { ...sizeOf(each.id) });
  const lines = linesOf(part);
  for (const { from, to, route } of lines)
    graph.setEdge(from, to, { weight: route.arrow === null ? 4 : route.cycle ? 2 : 1 });
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as Partial<Size>;
  return {
    width,
    height,
    boxes: new Map(graph.nodes().map((id) => [id, graph.node(id) as unknown as Box])),
    routes: lines.map(({ from, to, route }) => ({
      ...route,
      points: (graph.edge(from, to) as { points?: Point[] }).points ?? [],
    })),
  };
}

/** The connected parts, those with a cycle first, then the largest. */
function parts(drawing: WaitDrawing): WaitDrawing[] {
  const root = new Map<string, string>();
  const find = (id: string): string => {
    let at = id;
    while ((root.get(at) ?? at) !== at) at = root.get(at) as string;
    return at;
  };
  for (const each of [...drawing.nodes, ...drawing.pills]) root.set(each.id, each.id);
  for (const pill of drawing.pills) root.set(find(pill.id), find(pill.node));
  for (const arrow of drawing.arrows) root.set(find(arrow.pill), find(arrow.to));
  const found = new Map<
    string,
    { nodes: WaitDrawing['nodes'][number][]; pills: WaitDrawing['pills'][number][]; arrows: WaitArrow[]; leftOut: 0 }
  >();
  const at = (id: string) => {
    const key = find(id);
    const known = found.get(key) ?? { nodes: [], pills: [], arrows: [], leftOut: 0 as const };
    found.set(key, known);
    return known;
  };
  for (const node of drawing.nodes) at(node.id).nodes.push(node);
  for (const pill of drawing.pills) at(pill.id).pills.push(pill);
  for (const arrow of drawing.arrows) at(arrow.pill).arrows.push(arrow);
  const weight = (part: WaitDrawing) =>
    (part.nodes.some((each) => each.cycle || each.stuck) ? 1e6 : 0) + part.nodes.length;
  return [...found.values()].sort((a, b) => weight(b) - weight(a));
}

/** A smooth line through the points, as an SVG path. */
export function pathOf(points: readonly Point[]): string {
  const [first, ...rest] = points;
  const last = rest.pop();
  if (first === undefined || last === undefined) return '';
  const parts = [`M${at(first)}`];
  rest.forEach((point, index) => {
    const next = rest[index + 1] ?? last;
    const to = rest[index + 1] === undefined ? next : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
    parts.push(`Q${at(point)} ${at(to)}`);
  });
  if (rest.length === 0) parts.push(`L${at(last)}`);
  return parts.join(' ');
}

/** The head of an arrow that ends at the last point, as an SVG path. */
export function headOf(points: readonly Point[], size = 7): string {
  const tip = points.at(-1);
  const before = points.at(-2);
  if (tip === undefined || before === undefined) return '';
  const angle = Math.atan2(tip.y - before.y, tip.x - before.x);
  const corner = (turn: number): Point => ({
    x: tip.x - size * Math.cos(angle + turn),
    y: tip.y - size * Math.sin(angle + turn),
  });
  return `M${at(tip)} L${at(corner(0.45))} L${at(corner(-0.45))} Z`;
}

function at({ x, y }: Point): string {
  return `${Math.round(x * 10) / 10},${Math.round(y * 10) / 10}`;
}
