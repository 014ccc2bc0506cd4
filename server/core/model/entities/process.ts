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
  /** Pid of its parent as the kernel said when it began; 0: not known. */
  readonly ppid: number;
  process: Process;
  /** Code location ids of the journal → of the session. */
  readonly locs: Map<number, number>;
  readonly parent: Image | null;
  readonly threads: Map<number, ThreadFacts>;
  /** More threads were started than are recorded. */
  threadsUnknown: boolean;
  /** The main thread has done what the user wrote: it runs multiprocessing's own end. */
  ending: boolean;
  readonly signals: Signals;
  /** Monotonic ns; until then what it has inherited was its parent's to change. */
  readonly forkedAt: number;
  /** The process began its target function, or never was to have one. */
  identified: boolean;
  /** By a thread that is about to fork: the others then. Recorded right before it; two threads may fork at once. */
  readonly forkThreads: Map<number, readonly ForkThread[]>;
}

interface ThreadFacts {
  name: string;
  /** Qualified name of what it runs; '' when it is not known. */
  target: string;
  ended: boolean;
}
export interface ForkThread {
  readonly name: string;
  readonly target: string;
  /** Line where it was, as the session numbers them. */
  readonly line: number;
}

/** How sure we are of a parent: the later reasons overrule the earlier ones. */
export const PARENT_BY = { none: 0, fork: 1, maker: 2, creator: 3 } as const;

/** Signals that ask a process to end, or end it. */
const ENDING = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGKILL'];
/** So soon after a Ctrl-C a process ends that does not handle it, ns: its queues' feeders may have something to send first. */
const AT_ONCE = 2e9;
/** No process has more ancestors; a file may say so. */
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
  /** Where a debugger holds it; null: nowhere. */
  pausedAt: { readonly line: SourceLine | null; readonly stop?: StopView } | null = null;
  /** Monotonic ns at which its parent learned of its end; -1: it did not. */
  reapedAt = -1;
  /** Line where it made a Process before it began what it was started for; 0: nowhere. */
  madeChildAt = 0;
  cpuSeconds: number | null = null;
  memoryBytes: number | null = null;
  /** The PID namespace in which its pid counts (its inode): 0: not recorded, -1: one that is not known. */
  pidSpace = 0;
  /** Last signal that another process sent it. */
  signalled: number | null = null;
  signalledBy: Process | null = null;
  /** The user asked for its end, from the editor or the command line. */
  stopRequested = false;
  /** How many locks it has now. */
  locksHeld = 0;
  /** By thread: the latest end by an exception of a call that may block; monotonic ns. A Ctrl-C makes one, and what a signal handler raises. */
  readonly interrupts = new Map<number, { readonly at: number; readonly byKeyboard: boolean }>();
  /** Monotonic ns of its newest event. */
  lastEventAt = -1;
  image: Image | null = null;
  /** Why nothing will be recorded in it, as its starter said; null: it did not. */
  darkSaid: DarkReason | null = null;
  /** It has lived for long without a journal. */
  silent = false;
  /** All that it had: more than one after an exec. */
  readonly images: Image[] = [];

  constructor(
    readonly number: number,
    readonly id: string,
    readonly pid: number,
    public startedAt: number,
    /** The names of signals where it runs. */
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
   * It ended because it was asked to. Daemons get SIGTERM at the end of their parent, of which nothing is recorded; a Ctrl-C is a signal, or an
   * exception that a child of multiprocessing turns into exit code 1.
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

  /** Whether this one was started by that one, or by a descendant of it. */
  private isBelow(ancestor: Process): boolean {
    let steps = 0;
    for (let each = this.parent; each !== null && steps++ < MAX_ANCESTORS; each = each.parent)
      if (each === ancestor) return true;
    return false;
  }
}

/** A journal's location id as the session's; a forked child's lower ids are its parent's. */
export function locationOf(image: Image, loc: number): number {
  if (loc === 0) return 0;
  for (let each: Image | null = image; each !== null; each = each.parent) {
    const found = each.locs.get(loc);
    if (found !== undefined) return found;
  }
  return 0;
}
