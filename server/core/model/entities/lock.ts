import type { Process } from './process';

/** One process's ownership of a lock. */
interface Hold {
  readonly process: Process;
  /** Number of acquires of an RLock. */
  count: number;
  /** Line of the latest acquire, by the session's number; monotonic ns. */
  line: number;
  at: number;
}

/** A user's lock-like object and its owners. */
export class Lock {
  /** By process. The times of successive owners may overlap a little: a release is recorded after it is done. */
  readonly holds = new Map<Process, Hold>();
  /** A process released it without owning it: it is used as a signal rather than as a lock. */
  foreign = false;

  constructor(
    readonly id: number,
    readonly kind: string,
    public name: string,
    public line: number,
    /** It was not assigned to a variable: its name is a number. */
    public isNumbered: boolean,
  ) {}

  acquired(process: Process, line: number, at: number): void {
    process.locksHeld++;
    const hold = this.holds.get(process);
    if (hold === undefined) this.holds.set(process, { process, count: 1, line, at });
    else Object.assign(hold, { count: hold.count + 1, line, at });
  }
  released(process: Process): void {
    const hold = this.holds.get(process) ?? [...this.holds.values()][0];
    if (hold?.process !== process) this.foreign = true;
    if (hold !== undefined) hold.process.locksHeld--;
    if (hold !== undefined && --hold.count <= 0) this.holds.delete(hold.process);
  }
  /** Whether only its owners release it, so that a wait for it is a wait for them. */
  get owned(): boolean {
    return !this.foreign && this.holds.size > 0 && !['Condition', 'Event', 'Barrier'].includes(this.kind);
  }
}
