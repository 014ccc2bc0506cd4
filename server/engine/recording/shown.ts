import { idOf, NOTHING_SHOWN, type Shown } from '../../core/model/entities/shown';
import type { SessionModel } from '../../core/model/state/sessionModel';
import { isFields } from './outside';

/** What the recording of this model has to preserve. */
export function shownBy({ channels, pools, locks }: SessionModel): Shown {
  const connections = channels.all.filter((each) => each.kind === 'Connection');
  return {
    ends: Object.fromEntries(
      [...channels.ends.values()]
        .filter(({ channel }) => channel.kind === 'Connection')
        .map(({ gid, channel, side }) => [idOf(gid), [channel.id, side] as const]),
    ),
    names: Object.fromEntries([
      ...connections.map(({ id, name }) => [id, name] as const),
      ...[...channels.all, ...pools.values()]
        .filter((each) => each.isNumbered)
        .map(({ id, name }) => [id, name] as const),
      ...[...locks.byGid].filter(([, lock]) => lock.isNumbered).map(([gid, { name }]) => [idOf(gid), name] as const),
    ]),
  };
}

const MAX_ITEMS = 1_000_000;
const ID = /^c-?[0-9a-z]{1,14}$/;

/** What a recording says was shown, or null if it is malformed. Recordings are untrusted. */
export function checkedShown(value: unknown): Shown | null {
  if (value === undefined) return NOTHING_SHOWN; // an older recording without this field
  if (!isFields(value)) return null;
  const { ends = {}, names = {} } = value;
  if (!isFields(ends) || !isFields(names)) return null;
  const places = Object.entries(ends);
  const called = Object.entries(names);
  const sound =
    places.length <= MAX_ITEMS &&
    called.length <= MAX_ITEMS &&
    places.every(([id, place]) => ID.test(id) && isPlace(place)) &&
    called.every(([, name]) => typeof name === 'string');
  return sound ? ({ ends, names } as unknown as Shown) : null;
}

function isPlace(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [channel, side] = value as unknown[];
  return typeof channel === 'string' && ID.test(channel) && (side === 0 || side === 1);
}
