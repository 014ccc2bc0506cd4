/** From what was put when, and what the panel showed when: how late it was. Refuses what cannot be. */

/** A frame of the panel in which the count of puts was another one than in the frame before, and when that was by the machine's clock. */
export interface Frame {
  readonly at: number;
  readonly count: number;
}

/** A millisecond of rounding: the panel's clock has no finer ones. */
export const ROUNDING = 1;

/**
 * Ms from each put to the first frame that counts it.
 * @throws an error when a figure cannot be: then something else was read than the count of these puts, and no figure is right
 */
export function latenciesOf(puts: readonly number[], frames: readonly Frame[]): number[] {
  let last = 0;
  for (const { at, count } of frames) {
    if (!Number.isInteger(count) || count < last) throw new Error(`The panel counted ${last} puts, then ${count}.`);
    const begun = puts.filter((put) => put <= at + ROUNDING).length;
    // The last one is the end's, which is in no list.
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
