import * as v from '../../protocol/vocabulary';
import { RUNNING } from '../../shared/lanes';
import { Lane } from './lane';
import { laneState } from './laneState';

/** Maximum number of threads of one process with a lane. */
const MOST_THREADS = 16;
/** Maximum number of gaps of one image kept apart. */
const MOST_GAPS = 1000;

/** The fields of an event that the history uses. Times are monotonic ns. */
export interface HistoryEvent {
  readonly kind: number;
  readonly outcome: number;
  readonly t0: number;
  readonly t1: number;
  readonly thread: number;
  readonly seq: number;
}

/** A time span of lost events. Monotonic ns. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

/** History of one process image: a lane for each of its threads, in the order of their first operations. */
interface ImageHistory {
  readonly begin: number;
  readonly lanes: Map<number, Lane>;
  /** The lane of the last event: neighbouring events usually belong to one thread. */
  last: Lane | null;
  lastThread: number;
  /** Monotonic ns of the last event. */
  newest: number;
  /** Events were lost since then. */
  lost: boolean;
  readonly gaps: Gap[];
}

/** The part of a run that outlasts the recycling of its journals. Images are numbered as in the model. */
export class SessionHistory {
  private readonly images: (ImageHistory | undefined)[] = [];

  /** @param begin monotonic ns at which the image began */
  addImage(image: number, begin: number): void {
    this.images[image] = { begin, lanes: new Map(), last: null, lastThread: -1, newest: begin, lost: false, gaps: [] };
  }

  /** @param onQueue its object is a queue or an end of one */
  event(image: number, event: HistoryEvent, onQueue: boolean): void {
    this.pass(image, event);
    const state = stateOf(event, onQueue);
    if (state < 0) return;
    const lane = this.laneFor(image, event.thread);
    lane?.add(event.seq, state, event.t0, event.t1, severityOf(event));
  }

  /** Events of this image were recycled before they were read. */
  lose(image: number): void {
    const known = this.images[image];
    if (known !== undefined) known.lost = true;
  }

  /** Time spans of an image's lost events, in order. */
  gapsOf(image: number): readonly Gap[] {
    return this.images[image]?.gaps ?? [];
  }

  private pass(image: number, { t0, t1 }: HistoryEvent): void {
    const known = this.images[image];
    if (known === undefined) return;
    if (known.lost) {
      known.lost = false;
      const gap = { from: known.newest, to: Math.max(known.newest, t0) };
      // Beyond the maximum, the time between two gaps becomes part of them.
      const last = known.gaps.length < MOST_GAPS ? undefined : known.gaps.pop();
      known.gaps.push(last === undefined ? gap : { from: last.from, to: gap.to });
    }
    if (t1 > known.newest) known.newest = t1;
  }

  /** The journal of this image recycled its slots below a sequence number. */
  recycled(image: number, seq: number): void {
    for (const lane of this.images[image]?.lanes.values() ?? []) lane.recycled(seq);
  }

  /** Monotonic ns; null: there is no image of this number. */
  beginOf(image: number): number | null {
    return this.images[image]?.begin ?? null;
  }

  /** A thread's lane; an empty one if the thread has not ended any operation. */
  laneOrIdle(image: number, thread: number): Lane {
    const known = this.images[image];
    return known?.lanes.get(thread) ?? new Lane(known?.begin ?? 0);
  }

  /** The thread of an image that ended the first operation; null: none. */
  firstThread(image: number): number | null {
    return this.images[image]?.lanes.keys().next().value ?? null;
  }

  private laneFor(image: number, thread: number): Lane | null {
    const known = this.images[image];
    if (known === undefined) return null;
    if (known.lastThread === thread) return known.last;
    let lane = known.lanes.get(thread) ?? null;
    if (lane === null && known.lanes.size < MOST_THREADS) {
      lane = new Lane(known.begin);
      known.lanes.set(thread, lane);
    }
    known.last = lane;
    known.lastThread = thread;
    return lane;
  }
}

/** The state during an event's span; -1: the history does not use the event. */
export function stateOf({ kind, outcome }: Pick<HistoryEvent, 'kind' | 'outcome'>, onQueue: boolean): number {
  const state = laneState(kind, onQueue);
  if (state >= 0) return state;
  // A failed task is a mark on its worker's lane; its time counts as running.
  return kind === v.KIND_TASK_END && outcome === v.OUTCOME_FAILED ? RUNNING : -1;
}

/** 0: as expected, including a call that reached its timeout; 1: an end of the channel; 2: an error. */
export function severityOf({ outcome }: Pick<HistoryEvent, 'outcome'>): number {
  switch (outcome) {
    case v.OUTCOME_EOFERROR:
      return 1;
    case v.OUTCOME_BROKEN_PIPE_ERROR:
    case v.OUTCOME_FAILED:
    case v.OUTCOME_BROKEN:
    case v.OUTCOME_UNREAD:
      return 2;
    default:
      return 0;
  }
}
