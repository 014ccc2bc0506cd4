import * as v from '../../../protocol/vocabulary';

/**
 * One event of a ring, with the fields that the vocabulary declares. The reader moves one object from event to event: it is valid only during the
 * call that receives it and must not be kept.
 */
export interface EventCursor {
  readonly kind: number;
  readonly outcome: number;
  readonly flags: number;
  /** Begin and end of the operation, monotonic ns. */
  readonly t0: number;
  readonly t1: number;
  readonly thread: number;
  readonly obj: number;
  readonly loc: number;
  readonly size: number;
  readonly a: number;
  readonly b: number;
  readonly seq: number;
  /** The payload's head as text: a task's name, a dropped item's exception. */
  text(): string;
}

/** The clock reading that orders an event among those of other processes; see "Matching a message" in docs/architecture.md. */
export function orderTime(kind: number, t0: number, t1: number): number {
  return kind === v.KIND_SEND || kind === v.KIND_TASK_SUBMIT ? t0 : t1;
}
