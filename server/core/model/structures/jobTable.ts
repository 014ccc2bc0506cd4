/** Runs of a job with more than one: triples of first index, first task, length. */
type Runs = number[];
const MOST_APART = 2 ** 24;
/** Maximum room for unused job numbers per added job: a file may name any number. */
const ROOM_PER_JOB = 64;
/** Maximum runs of a job. Tasks that continue none of them are kept by their index. */
const MOST_RUNS = 64;

/**
 * Maps (job, index) to a task. Job numbers ascend, so a usual job, whose indices are consecutive like its tasks, takes twelve bytes. Other jobs have
 * a list of their own.
 */
export class JobTable {
  private base = -1;
  /** First task + 1 and number of tasks of each job from `base` on; its first index is 0. */
  private firsts = new Uint32Array(256);
  private lengths = new Uint32Array(256);
  private readonly others = new Map<number, Runs>();
  private readonly single = new Map<number, Map<number, number>>();
  private added = 0;

  /** Tasks `task`, `task + 1`, … are indices `index`, … of the job. */
  add(job: number, index: number, task: number, count: number): void {
    this.added++;
    const at = this.place(job);
    if (at >= 0 && this.firsts[at] === 0 && index === 0) {
      this.firsts[at] = task + 1;
      this.lengths[at] = count;
      return;
    }
    if (at >= 0 && index === this.lengths[at] && task + 1 === (this.firsts[at] as number) + index) {
      this.lengths[at] = index + count;
      return;
    }
    const runs = this.others.get(job);
    if (runs === undefined) this.others.set(job, [index, task, count]);
    else {
      const last = runs.length - 3;
      const length = runs[last + 2] as number;
      if (index === (runs[last] as number) + length && task === (runs[last + 1] as number) + length)
        runs[last + 2] = length + count;
      else if (runs.length < 3 * MOST_RUNS) runs.push(index, task, count);
      else this.addSingle(job, index, task, count);
    }
  }

  /** -1: there is none. */
  find(job: number, index: number): number {
    const at = job - this.base;
    if (at >= 0 && at < this.firsts.length) {
      const first = this.firsts[at] as number;
      if (first > 0 && index >= 0 && index < (this.lengths[at] as number)) return first - 1 + index;
    }
    const runs = this.others.get(job);
    if (runs === undefined) return -1;
    for (let i = runs.length - 3; i >= 0; i -= 3) {
      const off = index - (runs[i] as number);
      if (off >= 0 && off < (runs[i + 2] as number)) return (runs[i + 1] as number) + off;
    }
    return this.single.get(job)?.get(index) ?? -1;
  }

  private addSingle(job: number, index: number, task: number, count: number): void {
    let single = this.single.get(job);
    if (single === undefined) {
      single = new Map();
      this.single.set(job, single);
    }
    for (let i = 0; i < count; i++) single.set(index + i, task + i);
  }

  private place(job: number): number {
    if (this.base < 0) this.base = job;
    const at = job - this.base;
    if (at < 0 || at > MOST_APART) return -1;
    if (at >= this.firsts.length && at > ROOM_PER_JOB * (this.added + 16)) return -1;
    if (at >= this.firsts.length) {
      const length = Math.max(at + 1, this.firsts.length * 2);
      const grown = [new Uint32Array(length), new Uint32Array(length)] as const;
      grown[0].set(this.firsts);
      grown[1].set(this.lengths);
      [this.firsts, this.lengths] = grown;
    }
    return at;
  }
}
