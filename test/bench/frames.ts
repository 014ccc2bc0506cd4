/** Computes latencies from the times of puts and of the panel's frames. Rejects impossible figures. */

/**
 * A frame of the panel in which the count of puts differs from the previous frame, and its time on the machine's clock.
 */
export interface Frame {
  readonly at: number;
  readonly count: number;
}

/** One millisecond of rounding: the resolution of the panel's clock. */
export const ROUNDING = 1;

/**
 * Ms from each put to the first frame that counts it.
 * @throws an error if a figure is impossible: then the frames show something other than the count of these puts, and
 * every figure is wrong
 */
export function latenciesOf(puts: readonly number[], frames: readonly Frame[]): number[] {
  let last = 0;
  for (const { at, count } of frames) {
    if (!Number.isInteger(count) || count < last) throw new Error(`The panel counted ${last} puts, then ${count}.`);
    const begun = puts.filter((put) => put <= at + ROUNDING).length;
    // The last one is for the end marker, which is not in a list.
    if (count > begun + (begun === puts.length ? 1 : 0))
      throw new Error(`The panel counted ${count} puts when the program had begun ${begun}.`);
    last = count;
  }
  return puts.map((put, number) => {
    const frame = frames.find(({ count }) => count > number);
    if (frame === undefined) throw new Error(`The panel never counted put ${number + 1}.`);
    return Math.max(0, frame.at - put);
  });
}
