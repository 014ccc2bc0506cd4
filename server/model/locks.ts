import type { Process } from './processes';

/** A lock-like object of the user's: who has it, for the waits' names now and for diagnosing later. */
export interface Lock {
  readonly kind: string;
  name: string;
  line: number;
  /** Last process that acquired it and did not release it. */
  owner: Process | null;
}

/** Locks by object id and by their semaphore's own name, which is the same in every process. */
export class Locks {
  readonly byGid = new Map<number, Lock>();
  private readonly byKey = new Map<string, Lock>();
  private count = 0;

  declare(gid: number, kind: string, name: string, line: number, owner: string, key: string): void {
    const known = key === '' ? undefined : this.byKey.get(key);
    if (owner === 'unpickled' && known !== undefined) {
      this.byGid.set(gid, known);
      return;
    }
    const lock: Lock = known ?? { kind, name: name || `${kind}-${++this.count}`, line, owner: null };
    if (name !== '') lock.name = name;
    if (line !== 0) lock.line = line;
    this.byGid.set(gid, lock);
    if (key !== '') this.byKey.set(key, lock);
  }
}
