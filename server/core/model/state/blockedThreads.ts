import type { Blocked } from '../entities/blocked';
import type { Process } from '../entities/process';

/** The processes that could end a wait, from the latest analysis of the waits. */
export interface Blockers {
  readonly named: readonly { readonly process: Process; readonly why: string; readonly dead: boolean }[];
  /** Number of further processes beside the named ones. */
  readonly more: number;
}

const NONE: readonly Blocked[] = [];

/** The blocking calls of all threads, from their slots, and the result of the wait analysis for each. */
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

  /** What its threads were in when it ended, including its own exit: a thread that os._exit() ended during a write keeps the queue's lock. */
  atEnd(process: Process): readonly Blocked[] {
    return this.last.get(process) ?? NONE;
  }
  setAtEnd(process: Process, blocked: readonly Blocked[]): void {
    if (blocked.length > 0) this.last.set(process, blocked);
    else this.last.delete(process);
  }

  /** Undefined: unknown, or the waits were not analysed since it began. */
  blockersOf(blocked: Blocked): Blockers | undefined {
    return this.blockers.get(blocked);
  }
  setBlockers(blocked: Blocked, blockers: Blockers | null): void {
    if (blockers === null) this.blockers.delete(blocked);
    else this.blockers.set(blocked, blockers);
  }
}
