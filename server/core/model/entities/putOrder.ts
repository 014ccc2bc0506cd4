import { NumberFifo } from '../structures/fifo';

/** Puts and feeder sends of one process on one queue, in order; whichever is recorded first waits for the other. */
export class PutOrder {
  /** [loc, time] of puts whose send is still to come. */
  readonly puts = new NumberFifo();
  /** Messages whose put is still to come. */
  readonly messages = new NumberFifo();
  /** By a put's time: how the developer changed its item. */
  readonly changed = new Map<number, number>();
  /** Counts, including events that were recycled before they were read. */
  put = 0;
  sent = 0;
  dropped = 0;
  /** Items that were in its buffer when it ended. */
  lost = 0;
  settled = false;
  /** The line of the latest put. */
  lastLine = 0;
}
