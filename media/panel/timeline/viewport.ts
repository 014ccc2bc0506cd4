/** The visible time span, ms since the session's start. */
export interface Viewport {
  readonly from: number;
  readonly to: number;
}

/** The shortest visible span: 100 µs. */
export const SHORTEST_MS = 0.1;
/** Margin before and after the run, as a share of its length. */
const GUTTER = 0.01;

/** The whole run with a margin on both sides. @param length of the run, ms */
export function wholeRun(length: number): Viewport {
  const gutter = Math.max(SHORTEST_MS, length * GUTTER);
  return { from: -gutter, to: length + gutter };
}

/** The nearest view within the run, not shorter than the shortest span. */
export function clamp(view: Viewport, length: number): Viewport {
  const whole = wholeRun(length);
  const span = Math.min(Math.max(view.to - view.from, SHORTEST_MS), whole.to - whole.from);
  const from = Math.min(Math.max(view.from, whole.from), whole.to - span);
  return { from, to: from + span };
}

/** Zooms around the moment `at`. @param factor below 1: in */
export function zoom(view: Viewport, at: number, factor: number, length: number): Viewport {
  const whole = wholeRun(length);
  const span = view.to - view.from;
  const wanted = Math.min(Math.max(span * factor, SHORTEST_MS), whole.to - whole.from);
  const share = span === 0 ? 0.5 : (at - view.from) / span;
  const from = at - share * wanted;
  return clamp({ from, to: from + wanted }, length);
}

/** Moves by this many ms, to the right if positive. */
export function pan(view: Viewport, by: number, length: number): Viewport {
  return clamp({ from: view.from + by, to: view.to + by }, length);
}

/** Shows a span with a margin. */
export function frame(from: number, to: number, length: number): Viewport {
  const room = Math.max((to - from) * 0.1, SHORTEST_MS / 2);
  return clamp({ from: from - room, to: to + room }, length);
}

/** The smallest movement that makes a moment visible; the same view if it is. */
export function reveal(view: Viewport, at: number, length: number): Viewport {
  if (at >= view.from && at <= view.to) return view;
  const half = (view.to - view.from) / 2;
  return clamp({ from: at - half, to: at + half }, length);
}

/** Time and place: `x = (ms - view.from) * scale`. */
export interface Scale {
  readonly view: Viewport;
  /** Pixels per ms. */
  readonly scale: number;
}

export function scaleOf(view: Viewport, width: number): Scale {
  return { view, scale: width / (view.to - view.from) };
}
export function toX({ view, scale }: Scale, ms: number): number {
  return (ms - view.from) * scale;
}
export function toTime({ view, scale }: Scale, x: number): number {
  return view.from + x / scale;
}
