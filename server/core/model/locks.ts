import type { Process } from './processes';
import { idOf, NOTHING_SHOWN, type Shown, shownName } from './shown';

/** Somebody's hold of a lock. */
interface Hold {
  readonly process: Process;
  /** An RLock is held as often as it was acquired. */
  count: number;
  /** The line of the latest acquire, as the session numbers them; monotonic ns. */
  line: number;
  at: number;
}

/** A lock-like object of the user's: who has it. */
export class Lock {
  /** By process. Times of processes that hand it over may overlap a little: a release is recorded after it is done. */
  readonly holds = new Map<Process, Hold>();
  /** Somebody released it who did not have it: it is a signal rather than a possession. */
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
  /** Whether only those who acquired it release it, so that a wait for it is a wait for them. */
  get owned(): boolean {
    return !this.foreign && this.holds.size > 0 && !['Condition', 'Event', 'Barrier'].includes(this.kind);
  }
}

/** Locks by object id and by their semaphore's own name, which is the same in every process. */
export class Locks {
  readonly byGid = new Map<number, Lock>();
  private readonly byKey = new Map<string, Lock>();
  private count = 0;

  /** @param shown what this session was shown as when it was watched */
  constructor(private readonly shown: Shown = NOTHING_SHOWN) {}

  declare(gid: number, kind: string, name: string, line: number, owner: string, key: string): void {
    const known = key === '' ? undefined : this.byKey.get(key);
    if (owner === 'unpickled' && known !== undefined) {
      this.byGid.set(gid, known);
      return;
    }
    const lock = known ?? new Lock(this.count, kind, name || this.numbered(kind, gid), line, name === '');
    if (name !== '') Object.assign(lock, { name, isNumbered: false });
    if (line !== 0) lock.line = line;
    this.byGid.set(gid, lock);
    if (key !== '') this.byKey.set(key, lock);
  }
  private numbered(kind: string, gid: number): string {
    const number = ++this.count;
    return shownName(this.shown, idOf(gid)) || `${kind}-${number}`;
  }
}
