/**
 * What was decided while a session was watched, where that depends on the order in which its processes' words were read: to which
 * connection an end belongs, and the numbers in names. Its recording keeps it, and shows the same under the same names.
 */
export interface Shown {
  /** By the id of an end of a connection: the channel's id, and the side, 0 or 1. */
  readonly ends: Readonly<Record<string, readonly [channel: string, side: number]>>;
  /** Names by the id of what has them: connections, and channels, pools and locks that were assigned to nothing. */
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
