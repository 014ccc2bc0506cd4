/** The index of a recording, checked: it may come from anywhere. */
import * as v from 'valibot';
import { object } from '../../protocol/check';

/** No kernel allows a larger clock offset, ns. */
const MAX_SHIFT = 2 ** 62;
/** A journal has at most so many used extents. */
const MAX_EXTENTS = 64;
/** No extent ends beyond, bytes. */
const MAX_END = 2 ** 40;

const extent = v.strictTuple([v.number(), v.number()]);

/** Ascending and disjoint. */
const areOrdered = (extents: [number, number][]): boolean => {
  let end = 0;
  return extents.every(([start, length]) => {
    const sound = Number.isSafeInteger(start) && Number.isSafeInteger(length) && start >= end && length >= 0;
    end = start + length;
    return sound && end < MAX_END;
  });
};

const extents = v.pipe(v.array(extent), v.maxLength(MAX_EXTENTS), v.check(areOrdered));

const whole = v.pipe(v.number(), v.integer());
const finite = v.pipe(v.number(), v.finite());

const observedEnd = v.object({ at: finite, code: v.nullable(whole), signal: v.nullable(whole) });

const record = <const T extends v.GenericSchema>(value: T) => v.pipe(object(), v.record(v.string(), value));

/** Without what other files check: the findings and what was shown. */
export const manifestSchema = v.object({
  journals: record(extents),
  ended: v.optional(record(observedEnd), {}),
  alive: v.optional(v.array(v.string()), []),
  clocks: v.optional(record(v.pipe(whole, v.minValue(-MAX_SHIFT), v.maxValue(MAX_SHIFT))), {}),
  savedAt: v.optional(v.nullable(finite), null),
});
