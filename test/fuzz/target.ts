import type fc from 'fast-check';

/** One kind of hostile input, and what must hold for each of them. */
export interface Target<T> {
  readonly name: string;
  /** Part of all inputs. */
  readonly share: number;
  /** @param seeds what the corpus holds of this kind */
  inputs(seeds: readonly Uint8Array[]): fc.Arbitrary<T>;
  /** The input as one file, to be kept in the corpus when it failed. */
  bytes(input: T): Uint8Array;
  /** Rejects when something does not hold. @param scratch an empty folder of its own */
  check(input: T, scratch: string): Promise<void>;
}
