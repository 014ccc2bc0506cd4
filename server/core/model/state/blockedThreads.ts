import type { Blocked } from '../entities/blocked';
import type { Process } from '../entities/process';

/** The processes that could end a wait, as they were when the waits were analysed last. */
export interface Blockers {
  readonly named: readonly { readonly process: Process; readonly why: string; readonly dead: boolean }[];
  /** How many there are beside the named ones. */
  readonly more: number;
}

const NONE: readonly Blocked[] = [];

/** What the threads of all processes are in, from their slots, and what the analysis of the waits says of each. */
export class BlockedThreads {
  private readonly now = new Map<Process, readonly Blocked[]>();
  private readonly last = new Map<Process, readonly Blocked[]>();
  private readonly blockers = new WeakMap<Blocked, Blockers>();

  /** What the threads of a process are in, the main thread first; after its end what they were in when it was killed. */
  of(process: Process): readonly Blocked[] {
    return this.now.get(process) ?? NONE;
  }
  set(process: Process, blocked: readonly Blocked[]): void {
    if (blocked.length > 0) this.now.set(process, blocked);
    else this.now.delete(process);
  }

  /** What its threads were in when it ended, also by itself: a thread that os._exit() ended in the middle of a write has the queue's lock. */
  atEnd(process: Process): readonly Blocked[] {
    return this.last.get(process) ?? NONE;
  }
  setAtEnd(process: Process, blocked: readonly Blocked[]): void {
    if (blocked.length > 0) this.last.set(process, blocked);
    else this.last.delete(process);
  }

  /** undefined: it is not known, or the waits were not analysed since it began. */
  blockersOf(blocked: Blocked): Blockers | undefined {
    return this.blockers.get(blocked);
  }
  setBlockers(blocked: Blocked, blockers: Blockers | null): void {
    if (blockers === null) this.blockers.delete(blocked);
    else this.blockers.set(blocked, blockers);
  }
}
