import { MIXED, OPEN, SEVERITY_SHIFT, SUMMARY } from '../../../server/shared/lanes';
import type { DepthColumn, RunView } from '../../../server/shared/packed';
import type { Row } from './rows';
import type { Fill, Theme } from './theme';
import type { Tick } from './ticks';
import { type Scale, toX } from './viewport';

/** The parts of a canvas context that drawing uses, so that tests can record the calls. */
export type Canvas = Pick<
  CanvasRenderingContext2D,
  | 'fillStyle'
  | 'strokeStyle'
  | 'globalAlpha'
  | 'lineWidth'
  | 'font'
  | 'textBaseline'
  | 'fillRect'
  | 'strokeRect'
  | 'clearRect'
  | 'beginPath'
  | 'moveTo'
  | 'lineTo'
  | 'bezierCurveTo'
  | 'closePath'
  | 'fill'
  | 'stroke'
  | 'fillText'
  | 'setLineDash'
  | 'save'
  | 'restore'
  | 'rect'
  | 'clip'
>;

/** Position of an answer's columns in time. */
export interface ColumnTime {
  readonly fromMs: number;
  readonly columnMs: number;
}

/** Margin above and below a lane's bar, px. */
const INSET = 5;
/** Margin above a strip's greatest depth, px. */
const HEADROOM = 6;
const HATCH = 6;

/** One lane's bar. What is nearer than a pixel is drawn once: the server never sends more than the screen can show. */
export function paintLane(
  ctx: Canvas,
  theme: Theme,
  scale: Scale,
  time: ColumnTime,
  row: Row,
  runs: readonly RunView[],
): void {
  const top = row.top + INSET;
  const height = row.height - 2 * INSET;
  for (const run of runs) {
    const left = toX(scale, time.fromMs + run.first * time.columnMs);
    const right = toX(scale, time.fromMs + run.end * time.columnMs);
    const width = Math.max(1, right - left);
    const fill = theme.states[run.state] ?? (theme.states[0] as Fill);
    ctx.globalAlpha = (run.flags & MIXED) !== 0 ? fill.alpha * 0.6 : fill.alpha;
    ctx.fillStyle = fill.colour;
    ctx.fillRect(left, top, width, height);
    const pattern = (run.flags & SUMMARY) !== 0 && theme.contrast ? 'dots' : fill.pattern;
    if (pattern !== 'none' && width > 3) paintPattern(ctx, theme, pattern, left, top, width, height);
    const severity = run.flags >> SEVERITY_SHIFT;
    if (severity > 0) {
      ctx.globalAlpha = 1;
      ctx.fillStyle = severity >= 2 ? theme.error : theme.warning;
      ctx.fillRect(left, top + height - 3, Math.max(2, width), 3);
    }
    if ((run.flags & OPEN) !== 0) paintOpenEnd(ctx, fill, right, top, height);
  }
  ctx.globalAlpha = 1;
}

/** A lasting state has no right edge: it fades. */
function paintOpenEnd(ctx: Canvas, fill: Fill, x: number, top: number, height: number): void {
  ctx.fillStyle = fill.colour;
  for (let i = 0; i < 4; i++) {
    ctx.globalAlpha = fill.alpha * (0.6 - i * 0.15);
    ctx.fillRect(x + i * 3, top, 3, height);
  }
}

function paintPattern(
  ctx: Canvas,
  theme: Theme,
  pattern: Exclude<Fill['pattern'], 'none'>,
  left: number,
  top: number,
  width: number,
  height: number,
): void {
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
  ctx.globalAlpha = theme.contrast ? 1 : 0.35;
  ctx.strokeStyle = theme.contrast ? theme.background : theme.foreground;
  ctx.lineWidth = 1;
  ctx.beginPath();
  // Lines have fixed positions in the picture, so that they do not move with the left edge of the bar.
  const first = Math.floor((left - height) / HATCH) * HATCH;
  for (let x = first; x < left + width; x += HATCH) {
    if (pattern === 'hatch' || pattern === 'cross') {
      ctx.moveTo(x, top + height);
      ctx.lineTo(x + height, top);
    }
    if (pattern === 'back-hatch' || pattern === 'cross') {
      ctx.moveTo(x, top);
      ctx.lineTo(x + height, top + height);
    }
    if (pattern === 'dots') {
      ctx.moveTo(x, top + height / 2);
      ctx.lineTo(x + 2, top + height / 2);
    }
  }
  ctx.stroke();
  ctx.restore();
}

/** A channel's depth over time: a step line with the area below, a pale band from the least to the greatest where a column has both. */
export function paintStrip(
  ctx: Canvas,
  theme: Theme,
  scale: Scale,
  time: ColumnTime,
  row: Row,
  strip: {
    readonly columns: readonly DepthColumn[];
    readonly before: number;
    readonly most: number;
    readonly capacity: number;
    readonly colour: string;
    readonly nowMs: number;
  },
): void {
  const bottom = row.top + row.height - 4;
  const room = row.height - 4 - HEADROOM;
  const most = Math.max(1, strip.most, strip.capacity);
  const y = (depth: number): number => bottom - (depth / most) * room;
  const end = toX(scale, strip.nowMs);
  let x = 0;
  let depth = strip.before;
  const steps: { left: number; right: number; depth: number }[] = [];
  for (const each of strip.columns) {
    const left = toX(scale, time.fromMs + each.column * time.columnMs);
    steps.push({ left: x, right: left, depth });
    if (each.most > Math.max(depth, each.last)) {
      ctx.globalAlpha = 0.3;
      ctx.fillStyle = strip.colour;
      ctx.fillRect(left, y(each.most), Math.max(1, time.columnMs * scale.scale), y(each.least) - y(each.most));
    }
    x = left;
    depth = each.last;
  }
  steps.push({ left: x, right: Math.max(x, end), depth });
  ctx.fillStyle = strip.colour;
  ctx.globalAlpha = 0.28;
  for (const step of steps)
    if (step.depth > 0) ctx.fillRect(step.left, y(step.depth), step.right - step.left, bottom - y(step.depth));
  ctx.globalAlpha = 1;
  ctx.strokeStyle = strip.colour;
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  for (const [i, step] of steps.entries()) {
    if (i === 0) ctx.moveTo(step.left, y(step.depth));
    ctx.lineTo(step.left, y(step.depth));
    ctx.lineTo(step.right, y(step.depth));
  }
  ctx.stroke();
  if (strip.capacity > 0) {
    ctx.setLineDash([4, 4]);
    ctx.strokeStyle = theme.error;
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.moveTo(0, y(strip.capacity));
    ctx.lineTo(Math.max(end, 0), y(strip.capacity));
    ctx.stroke();
    ctx.setLineDash([]);
  }
}

/** Lines at round times through all rows. */
export function paintGrid(ctx: Canvas, theme: Theme, scale: Scale, marks: readonly Tick[], height: number): void {
  ctx.strokeStyle = theme.rowLine;
  ctx.globalAlpha = 0.5;
  ctx.lineWidth = 1;
  ctx.beginPath();
  for (const { at } of marks) {
    const x = Math.round(toX(scale, at)) + 0.5;
    ctx.moveTo(x, 0);
    ctx.lineTo(x, height);
  }
  ctx.stroke();
  ctx.globalAlpha = 1;
}

/** A message from one lane to another: a dot where it was sent, a head where it was received and there is room for one. */
export interface ArrowPlace {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  readonly colour: string;
  readonly received: boolean;
}

const HEAD = 5;

export function paintArrow(
  ctx: Canvas,
  { x0, y0, x1, y1, colour, received }: ArrowPlace,
  width: number,
  alpha: number,
): void {
  ctx.globalAlpha = alpha;
  ctx.strokeStyle = colour;
  ctx.fillStyle = colour;
  ctx.lineWidth = width;
  ctx.beginPath();
  ctx.moveTo(x0, y0);
  ctx.lineTo(x1, y1);
  ctx.stroke();
  ctx.fillRect(x0 - 1.5, y0 - 1.5, 3, 3);
  const length = Math.hypot(x1 - x0, y1 - y0);
  if (received && length >= 12) {
    const [dx, dy] = [(x1 - x0) / length, (y1 - y0) / length];
    ctx.beginPath();
    ctx.moveTo(x1, y1);
    ctx.lineTo(x1 - dx * HEAD - dy * (HEAD / 2), y1 - dy * HEAD + dx * (HEAD / 2));
    ctx.lineTo(x1 - dx * HEAD + dy * (HEAD / 2), y1 - dy * HEAD - dx * (HEAD / 2));
    ctx.closePath();
    ctx.fill();
  }
  ctx.globalAlpha = 1;
}

/** Many messages between two lanes: the width shows their number. */
export function paintBundle(ctx: Canvas, theme: Theme, place: ArrowPlace, count: number): void {
  const width = Math.min(6, 1 + Math.log2(Math.max(1, count)) / 2);
  paintArrow(ctx, place, width, 0.4);
  if (count < 2 || Math.abs(place.y1 - place.y0) < 30) return;
  ctx.fillStyle = theme.faint;
  ctx.textBaseline = 'middle';
  ctx.fillText(String(count), (place.x0 + place.x1) / 2 + width, (place.y0 + place.y1) / 2);
}

/** The shared cursor, and the selected span. */
export function paintOverlay(
  ctx: Canvas,
  theme: Theme,
  scale: Scale,
  size: { readonly width: number; readonly height: number },
  marked: {
    readonly cursorMs: number | null;
    readonly hoverMs: number | null;
    readonly range: readonly [number, number] | null;
  },
): void {
  if (marked.range !== null) {
    const [from, to] = marked.range.map((each) => toX(scale, each)) as [number, number];
    ctx.globalAlpha = 0.15;
    ctx.fillStyle = theme.selection;
    ctx.fillRect(from, 0, to - from, size.height);
    ctx.globalAlpha = 1;
  }
  const line = (ms: number, dash: number[], colour: string): void => {
    const x = Math.round(toX(scale, ms)) + 0.5;
    if (x < 0 || x > size.width) return;
    ctx.setLineDash(dash);
    ctx.strokeStyle = colour;
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.moveTo(x, 0);
    ctx.lineTo(x, size.height);
    ctx.stroke();
    ctx.setLineDash([]);
  };
  if (marked.hoverMs !== null) line(marked.hoverMs, [], theme.rowLine);
  if (marked.cursorMs !== null) line(marked.cursorMs, [3, 3], theme.cursor);
}
