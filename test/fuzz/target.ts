import type fc from 'fast-check';

/** One kind of hostile input, and its invariants. */
export interface Target<T> {
  readonly name: string;
  /** Share of all inputs. */
  readonly share: number;
  /** @param seeds the corpus of this kind */
  inputs(seeds: readonly Uint8Array[]): fc.Arbitrary<T>;
  /** The input as one file, to be kept in the corpus after a failure. */
  bytes(input: T): Uint8Array;
  /** Rejects if an invariant is violated. @param scratch an empty folder for this check */
  check(input: T, scratch: string): Promise<void>;
}
