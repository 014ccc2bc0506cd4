/**
 * Decisions of a live session that depend on the order in which its journals were read: the connection that an end belongs to, and the numbers in
 * names. Its recording stores them and shows the same names.
 */
export interface Shown {
  /** By the id of a connection's end: the channel's id and the side, 0 or 1. */
  readonly ends: Readonly<Record<string, readonly [channel: string, side: number]>>;
  /** Names by id: of connections, and of channels, pools and locks that were not assigned to a variable. */
  readonly names: Readonly<Record<string, string>>;
}

export const NOTHING_SHOWN: Shown = { ends: {}, names: {} };

/** The id of a channel, an end or a lock, from its number among all objects of the session. */
export function idOf(gid: number): string {
  return `c${gid.toString(36)}`;
}
/** The number in such an id. */
function gidOf(id: string): number {
  return Number.parseInt(id.slice(1), 36);
}

export function shownName({ names }: Shown, id: string): string {
  return Object.hasOwn(names, id) ? (names[id] as string) : '';
}
export function shownPlace({ ends }: Shown, gid: number): { readonly channel: number; readonly side: number } | null {
  const found = Object.hasOwn(ends, idOf(gid)) ? ends[idOf(gid)] : undefined;
  return found === undefined ? null : { channel: gidOf(found[0]), side: found[1] };
}
