import { NumberFifo } from '../structures/fifo';

/** Puts and feeder sends of one process on one queue, in order. Whichever is recorded first waits for the other. */
export class PutOrder {
  /** [loc, time] of puts whose send has not been read yet. */
  readonly puts = new NumberFifo();
  /** Messages whose put has not been read yet. */
  readonly messages = new NumberFifo();
  /** By a put's time: the interventions on its item. */
  readonly changed = new Map<number, number>();
  /** Counts, including events that were recycled before they were read. */
  put = 0;
  sent = 0;
  dropped = 0;
  /** Items in its buffer when it ended. */
  lost = 0;
  settled = false;
  /** The line of the latest put. */
  lastLine = 0;
}
