import { MAX_COLUMNS } from '../../protocol/timeline';

/** The least width of a column: the quickest recorded operation takes some 300 ns. */
const LEAST_COLUMN_NS = 64;

/** The columns of an answer. Times are monotonic ns. */
export interface Grid {
  readonly from: number;
  readonly width: number;
  readonly count: number;
}

/**
 * Columns are a power of two of ns wide, at most as wide as a pixel, and begin at a multiple of that: panning leaves them as they are.
 *
 * @param pixels device pixels of the span
 */
export function gridOf(from: number, to: number, pixels: number): Grid {
  const wanted = Math.max(LEAST_COLUMN_NS, (to - from) / Math.max(1, Math.min(pixels, MAX_COLUMNS / 2 - 1)));
  const width = 2 ** Math.floor(Math.log2(wanted));
  const left = Math.floor(from / width) * width;
  return { from: left, width, count: Math.max(1, Math.min(MAX_COLUMNS, Math.ceil((to - left) / width))) };
}

/** The right edge. */
export function endOf(grid: Grid): number {
  return grid.from + grid.count * grid.width;
}
