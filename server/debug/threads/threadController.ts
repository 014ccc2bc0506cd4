/** One process as a thread of the debugger: the only holder of its state. */
import type { Finding } from '../../protocol/views';
import type { PausedThread } from '../pauses/pausedThread';
import { nextState, pausedOf, RUNNING, type ThreadEvent, type ThreadState } from './threadState';

/** A finding that is to be stopped at, and the number of the breakpoint that says so. */
export interface BreakingFinding {
  readonly finding: Finding;
  readonly id: number;
}

export class ThreadController {
  private current: ThreadState = RUNNING;
  /** Why it is to pause, or paused. */
  finding: BreakingFinding | null = null;

  /** @param id the thread's number */
  constructor(
    readonly id: number,
    readonly pid: number,
  ) {}

  get state(): ThreadState {
    return this.current;
  }

  apply(event: ThreadEvent): void {
    this.current = nextState(this.current, event);
  }

  /** Its paused Python threads, the shown one first. */
  get paused(): readonly PausedThread[] {
    return pausedOf(this.current);
  }

  /** What is shown of it; null while it is not paused at an operation. */
  get shown(): PausedThread | null {
    return this.paused[0] ?? null;
  }

  get isBlocked(): boolean {
    return this.current.kind === 'blocked';
  }

  /** It is to pause at its next operation, whether or not it is blocked until then. */
  get isToPause(): boolean {
    return this.current.kind === 'pausing' || this.current.kind === 'blocked';
  }

  /** One of its Python threads was resumed with a step, and has not paused again. */
  get isStepping(): boolean {
    return this.current.kind === 'stepping' || ('stepping' in this.current && this.current.stepping !== null);
  }
}
