/** A uniform shape of every value, from which both the short text and the tree are built. */
import { REST, type Value } from './values';

export interface Part {
  /** Attribute or keyword; absent for a plain member. */
  readonly name?: string;
  /** A mapping's key. */
  readonly key?: Value;
  readonly value: Value;
}
export interface Shape {
  readonly type: string;
  /** Text before the parts, or the whole text if there are none. */
  readonly open: string;
  readonly close: string;
  /** The first `limit` parts. */
  readonly parts: readonly Part[];
  /** Number of recorded parts beyond the limit. */
  readonly more: number;
  /** Further parts were not recorded. */
  readonly cut: boolean;
  /** Its text where it contains itself. */
  readonly cycle: string;
}

export function leaf(type: string, text: string, cut = false): Shape {
  return { type, open: text, close: '', parts: [], more: 0, cut, cycle: '…' };
}

export function list(
  type: string,
  open: string,
  close: string,
  items: readonly Value[],
  limit: number,
  cut: boolean,
): Shape {
  const parts = items.slice(0, limit).map((value) => ({ value }));
  return { type, open, close, parts, more: items.length - parts.length, cut, cycle: `${open}...${close}` };
}

export function entriesShape(
  type: string,
  open: string,
  close: string,
  entries: readonly Value[],
  limit: number,
  cut: boolean,
): Shape {
  const parts: Part[] = [];
  for (let at = 0; at < entries.length && parts.length < limit; at += 2) {
    parts.push({ key: entries[at] as Value, value: entries[at + 1] ?? REST });
  }
  const more = Math.ceil(entries.length / 2) - parts.length;
  return { type, open, close, parts, more, cut, cycle: `${open}...${close}` };
}
