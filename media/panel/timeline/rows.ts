import type { ChannelId, ProcessId } from '../../../server/protocol/views';

export const LANE_HEIGHT = 24;
const STRIP_HEIGHT = 44;
const HEADING_HEIGHT = 28;

/** One row of the diagram, from `top` on, px. */
export type Row =
  | {
      readonly kind: 'lane';
      readonly id: ProcessId;
      readonly top: number;
      readonly height: number;
      /** Nesting level, from 0. */
      readonly level: number;
      /** Null: it has no children. */
      readonly open: boolean | null;
      /** Number of collapsed lanes below it. */
      readonly folded: number;
    }
  | { readonly kind: 'strip'; readonly id: ChannelId; readonly top: number; readonly height: number }
  | { readonly kind: 'heading'; readonly id: string; readonly top: number; readonly height: number };

/** Children of each process in order; null: the roots. */
type Children = ReadonlyMap<ProcessId | null, readonly ProcessId[]>;

/** The user's choices. */
interface Choice {
  /** Processes whose children are collapsed. */
  readonly collapsed: ReadonlySet<ProcessId>;
  /** Processes that come first, whatever their parent. */
  readonly pinned: readonly ProcessId[];
}

/** All rows from top to bottom: pinned lanes, lanes nested by parent, then depth strips. */
export function layRows(children: Children, channels: readonly ChannelId[], choice: Choice): Row[] {
  const rows: Row[] = [];
  let top = 0;
  const put = (row: { [K in Row['kind']]: Omit<Extract<Row, { kind: K }>, 'top'> }[Row['kind']]): void => {
    rows.push({ ...row, top } as Row);
    top += row.height;
  };
  const pinned = new Set(choice.pinned);
  for (const id of choice.pinned) put({ kind: 'lane', id, height: LANE_HEIGHT, level: 0, open: null, folded: 0 });
  // A stack instead of recursion: a chain of forks may be thousands deep.
  const stack = [...(children.get(null) ?? [])].reverse().map((id) => ({ id, level: 0 }));
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { id, level } = next;
    const own = children.get(id) ?? [];
    const open = own.length === 0 ? null : !choice.collapsed.has(id);
    const folded = open === false ? countBelow(children, id) : 0;
    if (!pinned.has(id)) put({ kind: 'lane', id, height: LANE_HEIGHT, level, open, folded });
    if (open === true) for (const child of [...own].reverse()) stack.push({ id: child, level: level + 1 });
  }
  if (channels.length > 0) put({ kind: 'heading', id: 'channels', height: HEADING_HEIGHT });
  for (const id of channels) put({ kind: 'strip', id, height: STRIP_HEIGHT });
  return rows;
}

function countBelow(children: Children, id: ProcessId): number {
  let count = 0;
  const stack = [...(children.get(id) ?? [])];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    count++;
    stack.push(...(children.get(next) ?? []));
  }
  return count;
}

/** Height of all rows, px. */
export function heightOf(rows: readonly Row[]): number {
  const last = rows.at(-1);
  return last === undefined ? 0 : last.top + last.height;
}

/** Index of the row at this height; -1: above all, or below all. */
export function rowAt(rows: readonly Row[], y: number): number {
  let low = 0;
  let high = rows.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const row = rows[middle] as Row;
    if (y < row.top) high = middle - 1;
    else if (y >= row.top + row.height) low = middle + 1;
    else return middle;
  }
  return -1;
}

/** The rows between two heights, px. */
export function rowsIn(rows: readonly Row[], from: number, to: number): readonly Row[] {
  const first = Math.max(0, rowAt(rows, Math.max(0, from)));
  let end = first;
  while (end < rows.length && (rows[end] as Row).top < to) end++;
  return rows.slice(first, end);
}
