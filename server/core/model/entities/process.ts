import type { DarkReason } from '../../../protocol/dark';
import type { ProcessOrigin, ProcessState, SourceLine, StartMethod, StopView } from '../../../protocol/views';
import { isGone } from '../../../shared/processes';
import { runsPython } from './commandLine';
import type { SignalName } from './signalNames';
import type { Signals } from './signals';
import { Tracked } from './tracked';

/** One process image: one journal. */
export interface Image {
  readonly number: number;
  readonly uid: number;
  readonly parentUid: number;
  readonly pid: number;
  /** Pid of its parent according to the kernel when it began; 0: unknown. */
  readonly ppid: number;
  process: Process;
  /** Code location ids of the journal → of the session. */
  readonly locs: Map<number, number>;
  readonly parent: Image | null;
  readonly threads: Map<number, ThreadFacts>;
  /** Some threads that were started are not recorded. */
  threadsUnknown: boolean;
  /** The main thread has left the user's code and runs multiprocessing's exit code. */
  ending: boolean;
  readonly signals: Signals;
  /** Monotonic ns; until then its parent changed the inherited state. */
  readonly forkedAt: number;
  /** The process began its target function, or was never to have one. */
  identified: boolean;
  /** By the forking thread: the other threads at the fork. It is recorded right before the fork; two threads may fork at once. */
  readonly forkThreads: Map<number, readonly ForkThread[]>;
}

interface ThreadFacts {
  name: string;
  /** Qualified name of its target; '' if unknown. */
  target: string;
  ended: boolean;
}
export interface ForkThread {
  readonly name: string;
  readonly target: string;
  /** Its line, by the session's number. */
  readonly line: number;
}

/** Confidence in a parent: a higher rank overrides a lower one. */
export const PARENT_BY = { none: 0, fork: 1, maker: 2, creator: 3 } as const;

/** Signals that ask a process to end, or end it. */
const ENDING = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGKILL'];
/** A process that does not handle Ctrl-C ends within this time, ns: its queues' feeders may have to send first. */
const AT_ONCE = 2e9;
/** Maximum number of ancestors, to limit what a file may claim. */
export const MAX_ANCESTORS = 10_000;

export class Process extends Tracked {
  parent: Process | null = null;
  parentBy: number = PARENT_BY.none;
  name = '';
  nameBy = 0;
  origin: ProcessOrigin = 'subprocess';
  originBy = 0;
  startMethod: StartMethod | null = null;
  argv: readonly string[] = [];
  python: string | null = null;
  target: string | null = null;
  daemon = false;
  line = 0;
  endedAt = -1;
  /** The process itself announced its end. */
  exitSaid = false;
  exitCode: number | null = null;
  signal: string | null = null;
  state: ProcessState = 'running';
  lastLoc = 0;
  /** Where a debugger paused it; null: it is not paused. */
  pausedAt: { readonly line: SourceLine | null; readonly stop?: StopView } | null = null;
  /** When its parent reaped it, monotonic ns; -1: it did not. */
  reapedAt = -1;
  /** Line where it created a Process before it began its target; 0: none. */
  madeChildAt = 0;
  cpuSeconds: number | null = null;
  memoryBytes: number | null = null;
  /** The PID namespace of its pid (an inode); 0: not recorded; -1: unknown. */
  pidSpace = 0;
  /** Last signal that another process sent it. */
  signalled: number | null = null;
  signalledBy: Process | null = null;
  /** The user requested its end from the editor or the command line. */
  stopRequested = false;
  /** Number of locks that it holds. */
  locksHeld = 0;
  /** By thread: the latest exception that ended a blocking call, monotonic ns. Ctrl-C and signal handlers raise them. */
  readonly interrupts = new Map<number, { readonly at: number; readonly byKeyboard: boolean }>();
  /** Monotonic ns of its newest event. */
  lastEventAt = -1;
  image: Image | null = null;
  /** Why it will not be recorded, as its starter reported; null: no report. */
  darkSaid: DarkReason | null = null;
  /** It has lived for long without a journal. */
  silent = false;
  /** All its images: more than one after an exec. */
  readonly images: Image[] = [];

  constructor(
    readonly number: number,
    readonly id: string,
    readonly pid: number,
    public startedAt: number,
    /** The names of signals on its platform. */
    readonly signalName: SignalName,
  ) {
    super();
  }

  get ended(): boolean {
    return isGone(this.state);
  }

  /** Why nothing is recorded in a Python process. */
  get dark(): DarkReason | null {
    if (this.image !== null) return null;
    if (this.darkSaid !== null) return this.darkSaid;
    return (this.ended || this.silent) && runsPython(this.argv) ? 'silent' : null;
  }

  /** When it ended by itself: the time that it announced, however late its absence was noticed (ns). */
  saidEnd(noticed: number): number {
    return this.exitSaid && this.endedAt >= 0 ? this.endedAt : noticed;
  }

  /**
   * Whether the process ended on request. Daemons get SIGTERM at the end of their parent, which is not recorded. Ctrl-C is a signal, or an exception
   * that a child of multiprocessing turns into exit code 1.
   */
  get wasAsked(): boolean {
    if (!this.ended || (this.state === 'exited' && this.exitCode === 0)) return false;
    if (this.stopRequested || this.signal === 'SIGINT') return true;
    if (this.daemon && this.signal === 'SIGTERM') return true;
    const byName = this.signalled === null ? null : this.signalName(this.signalled);
    if (
      byName !== null &&
      ENDING.includes(byName) &&
      this.signalledBy !== null &&
      this.isBelow(this.signalledBy) &&
      (this.signal === null || this.signal === byName)
    )
      return this.state !== 'lost';
    const interrupted = [...this.interrupts.values()].some(
      (each) => each.byKeyboard && this.endedAt - each.at < AT_ONCE,
    );
    return interrupted && (this.exitCode === 1 || this.exitCode === 130);
  }

  /** Whether this process was started by the ancestor or by one of its descendants. */
  private isBelow(ancestor: Process): boolean {
    let steps = 0;
    for (let each = this.parent; each !== null && steps++ < MAX_ANCESTORS; each = each.parent)
      if (each === ancestor) return true;
    return false;
  }
}

/** A journal's location id as the session's. A forked child's lower ids are its parent's. */
export function locationOf(image: Image, loc: number): number {
  if (loc === 0) return 0;
  for (let each: Image | null = image; each !== null; each = each.parent) {
    const found = each.locs.get(loc);
    if (found !== undefined) return found;
  }
  return 0;
}
