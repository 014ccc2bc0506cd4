import type { DepthColumn } from '../../shared/packed';
import type { Grid } from './grid';

/** How a channel's depth changed in a window, from the messages that were under way in it. Times are monotonic ns. */
export class DepthChanges {
  private readonly changes: { readonly at: number; readonly by: number }[] = [];
  /** Depth at the left edge. */
  before = 0;

  constructor(private readonly grid: Grid) {}

  /** @param began when it was put, or sent; @param received null: it was not */
  message(began: number, received: number | null): void {
    const { from } = this.grid;
    if (received !== null && received < from) return;
    if (began < from) this.before++;
    else this.changes.push({ at: began, by: 1 });
    if (received !== null) this.changes.push({ at: received, by: -1 });
  }

  /** The columns in which it changed. */
  columns(): DepthColumn[] {
    const { from, width, count } = this.grid;
    const columns: DepthColumn[] = [];
    this.changes.sort((a, b) => a.at - b.at || b.by - a.by);
    let depth = this.before;
    let open: { column: number; least: number; most: number; last: number } | null = null;
    for (const { at, by } of this.changes) {
      const column = Math.floor((at - from) / width);
      if (column >= count) break;
      if (open === null || open.column !== column) {
        if (open !== null) columns.push(open);
        open = { column, least: depth, most: depth, last: depth };
      }
      depth += by;
      open.least = Math.min(open.least, depth);
      open.most = Math.max(open.most, depth);
      open.last = depth;
    }
    if (open !== null) columns.push(open);
    return columns;
  }
}
