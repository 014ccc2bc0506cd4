import * as v from 'valibot';
import { idOf, NOTHING_SHOWN, type Shown } from '../../core/model/entities/shown';
import type { SessionModel } from '../../core/model/state/sessionModel';
import { object, type Schema } from '../../protocol/check';

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
const id = v.pipe(v.string(), v.regex(/^c-?[0-9a-z]{1,14}$/));
const table = <const K extends v.GenericSchema<string, string>, const T extends v.GenericSchema>(key: K, value: T) =>
  v.pipe(object(), v.maxEntries(MAX_ITEMS), v.record(key, value));

const shownSchema: Schema<Shown> = v.object({
  ends: v.optional(table(id, v.strictTuple([id, v.picklist([0, 1])])), {}),
  names: v.optional(table(v.string(), v.string()), {}),
});

/** What a recording reports as shown, or null if it is invalid. It may come from anywhere. */
export function checkedShown(value: unknown): Shown | null {
  if (value === undefined) return NOTHING_SHOWN; // it was recorded before there was such a thing
  if (Array.isArray(value)) return null; // the schema takes a list for an empty object
  const { success, output } = v.safeParse(shownSchema, value);
  return success ? output : null;
}
