import { STATES, SUMMARY } from '../../shared/lanes';
import type { Columns } from './columns';

/** Operations of a thread per leaf. */
const LEAF_SPANS = 256;
const FIRST_LEAVES = 4;

/** Location of a leaf's operations in a journal: sequence numbers, both included. */
export interface SeqRange {
  readonly first: number;
  readonly last: number;
}

/**
 * A sparse index of one thread's operations by time. Each leaf covers 256 operations: their times, their location in the journal's ring, and the time
 * spent in each state.
 *
 * Operations are recorded at their end, so ends nearly ascend. Beginnings do not: a wait of an hour is in the last leaf.
 */
export class LaneLeaves {
  private count = 0;
  /** Leaves below this one were recycled. */
  private floor = 0;
  /** Operations added since the last leaf. A query closes them into a leaf, however short it is. */
  private readonly open = {
    spans: 0,
    begin: 0,
    end: 0,
    first: 0,
    last: 0,
    severity: 0,
    time: new Float64Array(STATES),
  };
  private begins = new Float64Array(FIRST_LEAVES);
  private ends = new Float64Array(FIRST_LEAVES);
  /** Greatest end of this leaf and all before it. */
  private endsUpTo = new Float64Array(FIRST_LEAVES);
  /** Least beginning of this leaf and all after it. */
  private beginsFrom = new Float64Array(FIRST_LEAVES);
  private firsts = new Float64Array(FIRST_LEAVES);
  private lasts = new Float64Array(FIRST_LEAVES);
  private time = new Float32Array(FIRST_LEAVES * STATES);
  private severities = new Uint8Array(FIRST_LEAVES);

  /** Adds an ended operation. Parameters as in `StateTime.add`; `seq`: its slot's sequence number. */
  add(seq: number, state: number, t0: number, t1: number, severity: number): void {
    const { open } = this;
    if (open.spans === LEAF_SPANS) this.close();
    if (open.spans++ === 0) {
      open.begin = t0;
      open.end = t1;
      open.first = seq;
      open.last = seq;
    } else {
      if (t0 < open.begin) open.begin = t0;
      if (t1 > open.end) open.end = t1;
      if (seq < open.first) open.first = seq;
      if (seq > open.last) open.last = seq;
    }
    if (severity > open.severity) open.severity = severity;
    open.time[state]! += t1 - t0;
  }

  /** Closes the operations since the last leaf into a leaf. */
  private close(): void {
    const { open } = this;
    if (open.spans === 0) return;
    if (this.count === this.begins.length) this.extend();
    const leaf = this.count++;
    this.begins[leaf] = open.begin;
    this.ends[leaf] = open.end;
    this.endsUpTo[leaf] = Math.max(open.end, leaf === 0 ? 0 : (this.endsUpTo[leaf - 1] as number));
    this.beginsFrom[leaf] = Number.POSITIVE_INFINITY;
    this.firsts[leaf] = open.first;
    this.lasts[leaf] = open.last;
    this.severities[leaf] = open.severity;
    for (let state = 0; state < STATES; state++) this.time[leaf * STATES + state] = open.time[state] as number;
    // Amortised O(1): an early beginning is stored once in each leaf before it.
    for (let each = leaf; each >= 0 && (this.beginsFrom[each] as number) > open.begin; each--)
      this.beginsFrom[each] = open.begin;
    open.spans = 0;
    open.severity = 0;
    open.time.fill(0);
  }

  /** Drops leaves whose operations are all below `seq` and were recycled. */
  recycled(seq: number): void {
    this.close();
    while (this.floor < this.count && (this.lasts[this.floor] as number) < seq) this.floor++;
  }

  /** Monotonic ns from which on every operation is in a leaf; infinite if none is. */
  get knownFrom(): number {
    return this.floor === 0 ? Number.NEGATIVE_INFINITY : (this.endsUpTo[this.floor - 1] as number);
  }

  /** Locations of the operations that may overlap the time from `from` to `to`, in order; neighbours are joined. */
  ranges(from: number, to: number): SeqRange[] {
    const ranges: { first: number; last: number }[] = [];
    this.overlapping(from, to, (leaf) => {
      const [first, last] = [this.firsts[leaf] as number, this.lasts[leaf] as number];
      const previous = ranges.at(-1);
      if (previous !== undefined && first <= previous.last + LEAF_SPANS) previous.last = Math.max(previous.last, last);
      else ranges.push({ first, last });
    });
    return ranges;
  }

  /** Adds the sums of the leaves between `from` and `to`, each spread evenly over its time. */
  into(columns: Columns, from: number, to: number): void {
    this.overlapping(from, to, (leaf) => {
      const [begin, end] = [this.begins[leaf] as number, this.ends[leaf] as number];
      for (let state = 1; state < STATES; state++) {
        const time = this.time[leaf * STATES + state] as number;
        if (time > 0) columns.spread(state, begin, Math.max(end, begin + 1), time, from, to);
      }
      columns.flag(Math.max(begin, from), Math.min(end, to), SUMMARY);
      columns.mark((Math.max(begin, from) + Math.min(end, to)) / 2, this.severities[leaf] as number, from, to);
    });
  }

  private overlapping(from: number, to: number, visit: (leaf: number) => void): void {
    this.close();
    let low = this.floor;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.endsUpTo[middle] as number) < from) low = middle + 1;
      else high = middle;
    }
    for (let leaf = low; leaf < this.count && (this.beginsFrom[leaf] as number) <= to; leaf++)
      if ((this.begins[leaf] as number) <= to && (this.ends[leaf] as number) >= from) visit(leaf);
  }

  private extend(): void {
    const more = <T extends Float64Array | Float32Array | Uint8Array>(old: T, made: T): T => {
      made.set(old);
      return made;
    };
    const size = this.count * 2;
    this.begins = more(this.begins, new Float64Array(size));
    this.ends = more(this.ends, new Float64Array(size));
    this.endsUpTo = more(this.endsUpTo, new Float64Array(size));
    this.beginsFrom = more(this.beginsFrom, new Float64Array(size));
    this.firsts = more(this.firsts, new Float64Array(size));
    this.lasts = more(this.lasts, new Float64Array(size));
    this.time = more(this.time, new Float32Array(size * STATES));
    this.severities = more(this.severities, new Uint8Array(size));
  }
}
