const FIRST_BUCKETS = 16;
const MOST_BUCKETS = 256;
const FIRST_WIDTH = 1e6;
/** Maximum number of pairs counted singly. Further pairs of a program are counted in `others`. */
const MOST_PAIRS = 10_000;
/** More than the number of journals in any session. */
const MOST_IMAGES = 65_536;

/** Counts over time in bounded memory: buckets of equal width, which doubles when the run outgrows them. Times are monotonic ns. */
class CountHistory {
  private width = FIRST_WIDTH;
  private counts = new Uint32Array(FIRST_BUCKETS);

  /** @param begin the first bucket's left edge; earlier times count there */
  constructor(private readonly begin: number) {}

  add(at: number): void {
    const since = Math.max(0, at - this.begin);
    while (since >= this.width * this.counts.length) this.grow();
    this.counts[Math.floor(since / this.width)]! += 1;
  }

  /** Calls `visit(from, to, count)` for the buckets that overlap the time between two moments. */
  visit(from: number, to: number, visit: (from: number, to: number, count: number) => void): void {
    const first = Math.max(0, Math.floor((from - this.begin) / this.width));
    const end = Math.min(this.counts.length, Math.ceil((to - this.begin) / this.width));
    for (let i = first; i < end; i++) {
      const count = this.counts[i] as number;
      const left = this.begin + i * this.width;
      if (count > 0) visit(left, left + this.width, count);
    }
  }

  private grow(): void {
    const old = this.counts;
    if (old.length < MOST_BUCKETS) {
      this.counts = new Uint32Array(old.length * 2);
      this.counts.set(old);
      return;
    }
    for (let i = 0; i < MOST_BUCKETS; i++)
      old[i] = 2 * i + 1 < MOST_BUCKETS ? (old[2 * i] as number) + (old[2 * i + 1] as number) : 0;
    this.width *= 2;
  }
}

/** Messages from one process to another over one channel. The numbers are indices of the model's lists. */
interface Pair {
  readonly channel: number;
  readonly from: number;
  readonly to: number;
  readonly history: CountHistory;
}

/** The number of a pair's messages sent in one bin of a window. */
export interface PairBin {
  readonly channel: number;
  readonly from: number;
  readonly to: number;
  readonly bin: number;
  readonly count: number;
}

/** Number of messages between processes over time: a timeline draws these if there are too many single messages. */
export class PairCounts {
  /** By channel, then by both images in one number: a string per message would be expensive. */
  private readonly channels: Map<number, Pair>[] = [];
  private count = 0;
  private others: CountHistory | null = null;

  /** A message whose sender and receiver are known. @param at monotonic ns, when it was sent */
  add(channel: number, from: number, to: number, at: number): void {
    let pairs = this.channels[channel];
    if (pairs === undefined) {
      pairs = new Map();
      this.channels[channel] = pairs;
    }
    const key = from * MOST_IMAGES + to;
    let pair = pairs.get(key);
    if (pair === undefined) {
      if (this.count >= MOST_PAIRS) {
        this.others ??= new CountHistory(at);
        this.others.add(at);
        return;
      }
      pair = { channel, from, to, history: new CountHistory(at) };
      pairs.set(key, pair);
      this.count++;
    }
    pair.history.add(at);
  }

  private *all(): Generator<Pair> {
    for (const pairs of this.channels) if (pairs !== undefined) yield* pairs.values();
  }

  /**
   * The largest bins of a window, and the number of messages outside of them.
   *
   * @param window its left edge in monotonic ns, ns per bin, and the number of bins
   * @param most maximum number of bins
   * @param isAsked whether to include messages over a channel; others are left out silently
   * @param isShown whether a process has a visible lane
   */
  bins(
    window: { readonly from: number; readonly width: number; readonly count: number },
    most: number,
    isAsked: (channel: number) => boolean,
    isShown: (process: number) => boolean,
  ): { readonly bins: readonly PairBin[]; readonly leftOut: number } {
    const bins: PairBin[] = [];
    const to = window.from + window.count * window.width;
    let leftOut = 0;
    for (const { channel, from: sender, to: receiver, history } of this.all()) {
      if (!isAsked(channel)) continue;
      const shown = isShown(sender) && isShown(receiver);
      const counts = new Map<number, number>();
      history.visit(window.from, to, (begin, end, count) => {
        // Whole messages only, without losing any: each boundary is rounded the same for the bins on both sides.
        const before = (at: number): number => Math.round((count * (at - begin)) / (end - begin));
        const left = Math.max(begin, window.from);
        const right = Math.min(end, to);
        if (!shown) leftOut += before(right) - before(left);
        else spread(counts, window, left, right, before);
      });
      for (const [bin, count] of counts) if (count > 0) bins.push({ channel, from: sender, to: receiver, bin, count });
    }
    this.others?.visit(window.from, to, (_from, _to, count) => {
      leftOut += count;
    });
    bins.sort((a, b) => b.count - a.count);
    for (const { count } of bins.slice(most)) leftOut += count;
    return { bins: bins.slice(0, most), leftOut };
  }
}

/** @param before number of messages up to a moment */
function spread(
  counts: Map<number, number>,
  window: { readonly from: number; readonly width: number; readonly count: number },
  left: number,
  right: number,
  before: (at: number) => number,
): void {
  const last = Math.min(window.count - 1, Math.floor((right - window.from) / window.width));
  for (let bin = Math.floor((left - window.from) / window.width); bin <= last; bin++) {
    const begin = window.from + bin * window.width;
    const inside = before(Math.min(right, begin + window.width)) - before(Math.max(left, begin));
    if (inside > 0) counts.set(bin, (counts.get(bin) ?? 0) + inside);
  }
}
