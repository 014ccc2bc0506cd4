import { OPEN, RUNNING, SUMMARY, UNKNOWN } from '../../shared/lanes';
import { Columns, type Run } from './columns';
import { LaneLeaves, type SeqRange } from './laneLeaves';
import { StateTime } from './stateTime';

/** Maximum number of operations that one lane's answer reads singly; above it the answer comes from the leaves. */
const READ_AT_MOST = 65_536;

/** An ended operation, from its slot in the journal. Times are monotonic ns. */
export interface Span {
  readonly state: number;
  readonly t0: number;
  readonly t1: number;
  /** From 0 (it succeeded) to 3 (it raised an error). */
  readonly severity: number;
}

/** Reads the operations of one thread from its process's journal, sequence numbers both included, oldest first. */
export type ReadSpans = (first: number, last: number, visit: (span: Span) => void) => void;

/** A thread's current operation. */
export interface OpenSpan {
  readonly state: number;
  readonly t0: number;
}

/** The window of a lane to show. */
interface Window {
  /** Monotonic ns of the left edge. */
  readonly from: number;
  /** ns per column. */
  readonly width: number;
  readonly columns: number;
  /** Monotonic ns of the newest known fact. */
  readonly now: number;
}

/** One thread's operations over the whole run: summaries of all, and the locations of those still in its journal. */
export class Lane {
  private readonly time: StateTime;
  private readonly leaves = new LaneLeaves();

  /** @param begin monotonic ns at which its process began */
  constructor(readonly begin: number) {
    this.time = new StateTime(begin);
  }

  /** Adds an ended operation. @param seq sequence number of its slot */
  add(seq: number, state: number, t0: number, t1: number, severity: number): void {
    const begin = state === RUNNING ? t1 : t0; // running time is the rest, outside all other states
    this.time.add(state, begin, t1, severity);
    this.leaves.add(seq, state, begin, t1, severity);
  }

  /** The journal recycled its slots below this sequence number. */
  recycled(seq: number): void {
    this.leaves.recycled(seq);
  }

  /** Monotonic ns from which on single operations can be read. */
  get knownFrom(): number {
    return this.leaves.knownFrom;
  }

  /** Locations of the operations that may contain a moment, monotonic ns. */
  rangesAt(at: number): readonly SeqRange[] {
    return this.leaves.ranges(at, at);
  }

  /**
   * The lane's runs in a window: from single operations if few enough are visible, otherwise from summaries.
   *
   * @param end monotonic ns of the end of its process; null: it lives
   * @param gaps times of lost events, monotonic ns
   * @param open its current operation, or the last one when its process ended
   */
  runs(
    window: Window,
    end: number | null,
    open: OpenSpan | null,
    read: ReadSpans,
    gaps: readonly { readonly from: number; readonly to: number }[] = [],
  ): Run[] {
    const columns = new Columns(window.from, window.width, window.columns);
    for (const { from, to } of gaps) columns.span(UNKNOWN, from, to);
    const until = Math.min(end ?? window.now, window.now);
    const known = Math.max(window.from, this.leaves.knownFrom);
    if (known > window.from) {
      const to = Math.min(known, columns.to);
      this.time.into(columns, window.from, to);
      columns.flag(Math.max(window.from, this.begin), Math.min(to, until), SUMMARY);
    }
    if (known < columns.to) this.single(columns, known, columns.to, read);
    if (open !== null) columns.span(open.state, Math.max(open.t0, this.begin), until);
    if (end === null) columns.flag(window.now - 1, window.now, OPEN);
    return columns.runs(this.begin, until);
  }

  private single(columns: Columns, from: number, to: number, read: ReadSpans): void {
    const ranges = this.leaves.ranges(from, to);
    const slots = ranges.reduce((sum, each) => sum + each.last - each.first + 1, 0);
    if (slots > READ_AT_MOST) {
      this.leaves.into(columns, from, to);
      return;
    }
    for (const { first, last } of ranges)
      read(first, last, (span) => {
        if (span.state !== RUNNING) columns.spread(span.state, span.t0, span.t1, span.t1 - span.t0, from, to);
        columns.mark(span.t1, span.severity, from, to);
      });
  }
}
