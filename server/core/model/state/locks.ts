import { Lock } from '../entities/lock';
import { idOf, NOTHING_SHOWN, type Shown, shownName } from '../entities/shown';

/** Locks by object id and by their semaphore's name, which is the same in every process. */
export class Locks {
  readonly byGid = new Map<number, Lock>();
  private readonly byKey = new Map<string, Lock>();
  private count = 0;

  /** @param shown how the live session was shown */
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
