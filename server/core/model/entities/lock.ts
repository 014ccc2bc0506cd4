import type { Process } from './process';

/** The hold of one process on a lock. */
interface Hold {
  readonly process: Process;
  /** An RLock is held as often as it was acquired. */
  count: number;
  /** The line of the latest acquire, as the session numbers them; monotonic ns. */
  line: number;
  at: number;
}

/** A lock-like object of the user's, and its owners. */
export class Lock {
  /** By process. Times of processes that hand it over may overlap a little: a release is recorded after it is done. */
  readonly holds = new Map<Process, Hold>();
  /** A process released it that did not hold it: it is used as a signal rather than a lock. */
  foreign = false;

  constructor(
    readonly id: number,
    readonly kind: string,
    public name: string,
    public line: number,
    /** It was assigned to nothing: its name is a number. */
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
