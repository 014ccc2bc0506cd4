import { basename } from 'node:path';
import type { DarkReason } from '../../protocol/dark';
import type {
  ProcessMeta,
  ProcessOrigin,
  ProcessState,
  ProcessStatus,
  SourceLine,
  StartMethod,
  StopView,
  Wait,
} from '../../protocol/views';
import { isGone } from '../../shared/processes';
import type { Channel, Use } from './channels';
import type { Locations } from './locations';
import { Signals, signalName } from './signals';
import type { Blocked } from './waits';

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
  /** What it does with ends of channels, by the end's id. */
  readonly uses: Map<number, Use>;
  /** Queues that it put something into. */
  readonly queues: Set<Channel>;
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

export class Process {
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
  /** Told by the process itself before its end. */
  exitSaid = false;
  exitCode: number | null = null;
  signal: string | null = null;
  state: ProcessState = 'running';
  lastLoc = 0;
  waits: readonly Wait[] = [];
  /** Where a debugger holds it; null: nowhere. */
  pausedAt: { readonly line: SourceLine | null; readonly stop?: StopView } | null = null;
  /** What its threads are in, all of them; after its end what they were in when it was killed. */
  blocked: readonly Blocked[] = [];
  /** What its threads were in when it ended, also by itself: a thread that os._exit() ended in the middle of a write has the queue's lock. */
  diedIn: readonly Blocked[] = [];
  /** Monotonic ns at which its parent learned of its end; -1: it did not. */
  reapedAt = -1;
  /** Line where it made a Process before it began what it was started for; 0: nowhere. */
  madeChildAt = 0;
  cpuSeconds: number | null = null;
  memoryBytes: number | null = null;
  /** The PID namespace in which its pid counts (its inode): 0 where nobody says, -1 one that is not known. */
  pidSpace = 0;
  /** Last signal that another process sent it. */
  signalled: number | null = null;
  signalledBy: Process | null = null;
  /** It was told to end from the editor or the command line. */
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
  ) {}

  get ended(): boolean {
    return isGone(this.state);
  }

  /** Why nothing is recorded in a Python process. */
  get dark(): DarkReason | null {
    if (this.image !== null) return null;
    if (this.darkSaid !== null) return this.darkSaid;
    return (this.ended || this.silent) && runsPython(this.argv) ? 'silent' : null;
  }

  meta(origin: number, locations: Locations): ProcessMeta {
    const { dark } = this;
    return {
      id: this.id,
      pid: this.pid,
      parentId: this.parent?.id ?? null,
      name: this.name || `pid ${this.pid}`,
      origin: this.origin,
      startMethod: this.startMethod,
      argv: this.argv,
      python: this.python,
      ...(dark !== null && { dark }),
      startedAtMs: (this.startedAt - origin) / 1e6,
      line: locations.line(this.line),
      daemon: this.daemon,
      target: this.target,
    };
  }

  /** When it ended by itself: as it said at its end, however late somebody noticed that it was gone (ns). */
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
    const byName = this.signalled === null ? null : signalName(this.signalled);
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

  status(origin: number, locations: Locations): ProcessStatus {
    return {
      id: this.id,
      state:
        this.state !== 'running'
          ? this.state
          : this.pausedAt
            ? 'paused'
            : this.waits.length > 0
              ? 'waiting'
              : 'running',
      ...(this.pausedAt !== null && !this.ended && { pausedAt: this.pausedAt.line }),
      ...(this.pausedAt?.stop !== undefined && !this.ended && { stop: this.pausedAt.stop }),
      waits: this.ended ? [] : this.waits,
      // One that said that it ends may live a little longer.
      endedAtMs: this.endedAt < 0 || !this.ended ? null : (this.endedAt - origin) / 1e6,
      exitCode: this.ended ? this.exitCode : null,
      signal: this.signal,
      ...(this.wasAsked && { asked: true }),
      lastLine: locations.line(this.lastLoc),
      cpuSeconds: this.cpuSeconds,
      memoryBytes: this.memoryBytes,
    };
  }
}

/** A call that starts a process returns so soon after that process's end at the latest, ns: pids are used again. */
const RETURNS_WITHIN = 5e9;

/** A pid is looked for among so many processes that had it, the latest; no system uses one more often while a program runs. */
const MAX_SAME_PID = 1000;
/** Signals that ask a process to end, or end it. */
const ENDING = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGKILL'];
/** So soon after a Ctrl-C a process ends that does not handle it, ns: its queues' feeders may have something to send first. */
const AT_ONCE = 2e9;
/** No process has more ancestors; a file may say so. */
const MAX_ANCESTORS = 10_000;

/** All processes, found by pid and time, because pids are used again. */
export class Processes {
  readonly all: Process[] = [];
  /** Those that have not ended: what is looked at again and again costs what lives, not what ever lived. */
  readonly living = new Set<Process>();
  /** Those that have ended and of which their parents have not learned, as far as is known. */
  readonly unreaped = new Set<Process>();
  readonly images: Image[] = [];
  readonly byId = new Map<string, Process>();
  private readonly byPid = new Map<number, Process[]>();
  private readonly byUid = new Map<number, Image>();
  /** By the pid of a parent that had no journal yet. */
  private readonly unannounced = new Map<number, Image[]>();
  readonly dirtyMeta = new Set<Process>();
  readonly dirtyStatus = new Set<Process>();

  /** The process that had this pid at this time and had not ended before it. */
  find(pid: number, at: number): Process | null {
    const candidates = this.byPid.get(pid);
    if (candidates === undefined) return null;
    for (let i = candidates.length - 1; i >= Math.max(0, candidates.length - MAX_SAME_PID); i--) {
      const each = candidates[i] as Process;
      // A child's own journal begins before its creator's call returns, and a reaper tells of the end after it.
      if (each.startedAt <= at && (each.endedAt < 0 || each.endedAt >= at || !each.ended)) return each;
    }
    return null;
  }
  latest(pid: number): Process | null {
    return this.byPid.get(pid)?.at(-1) ?? null;
  }

  /** The process of this pid that lives at this time, made when nobody told of it yet. */
  ensure(pid: number, at: number): Process {
    const latest = this.latest(pid);
    if (latest !== null && !latest.ended) {
      if (at < latest.startedAt) {
        latest.startedAt = at;
        this.dirtyMeta.add(latest);
      }
      return latest;
    }
    const known = this.find(pid, at);
    return known ?? this.make(pid, at);
  }

  /**
   * The process that a call which returned at this time has made. It may have ended, and been reaped by a fork server, before
   * that: then it is one that nobody of this rank has told of.
   */
  made(pid: number, at: number, by: number, maker: Image | null = null): Process {
    const own = maker === null ? undefined : this.unclaimedChild(pid, at, by, maker);
    const latest = own ?? this.latest(pid);
    if (latest === null || !latest.ended || latest.parentBy >= by) return this.ensure(pid, at);
    // The call's time was read before or after its child began, and its record may come when all is over.
    const near = own !== undefined || at - latest.endedAt < RETURNS_WITHIN;
    if (!near || latest.startedAt - at > RETURNS_WITHIN) return this.ensure(pid, at);
    latest.startedAt = Math.min(latest.startedAt, at);
    this.dirtyMeta.add(latest);
    return latest;
  }

  /** The child of this pid that has a journal of its own, which names this image as its parent's, and that no call has claimed yet. */
  private unclaimedChild(pid: number, at: number, by: number, maker: Image): Process | undefined {
    const candidates = this.byPid.get(pid)?.slice(-MAX_SAME_PID) ?? [];
    return candidates.find(
      (each) =>
        each.parentBy < by &&
        each.startedAt - at < RETURNS_WITHIN &&
        each.images.some(({ parent }) => parent === maker),
    );
  }

  make(pid: number, at: number): Process {
    const same = this.byPid.get(pid);
    const id = same === undefined ? `p${pid}` : `p${pid}.${same.length + 1}`;
    const process = new Process(this.all.length, id, pid, at);
    this.all.push(process);
    this.byId.set(id, process);
    this.living.add(process);
    if (same === undefined) this.byPid.set(pid, [process]);
    else same.push(process);
    this.dirtyMeta.add(process);
    this.dirtyStatus.add(process);
    return process;
  }

  addImage(pid: number, uid: number, parentUid: number, at: number, ppid = 0): Image {
    const parent = this.byUid.get(parentUid) ?? null;
    let process = this.latest(pid);
    // Its creator may have told of its whole life before its own journal was found.
    const late = process?.ended === true && process.image === null && at <= process.endedAt;
    // A second image by fork with the pid of a process that lives: the pid was used again and nobody saw the first one end.
    if (process === null || (process.ended && !late) || (process.image !== null && parentUid !== 0)) {
      process = this.make(pid, at);
    }
    if (at < process.startedAt) process.startedAt = at;
    const image: Image = {
      number: this.images.length,
      uid,
      parentUid,
      pid,
      ppid,
      process,
      locs: new Map(),
      parent,
      threads: new Map(),
      uses: new Map(),
      queues: new Set(),
      threadsUnknown: false,
      ending: false,
      identified: false,
      forkThreads: new Map(),
      signals: new Signals(),
      get forkedAt() {
        return Math.min(at, image.process.startedAt);
      },
    };
    process.image = image;
    process.images.push(image);
    this.images.push(image);
    this.byUid.set(uid, image);
    this.dirtyMeta.add(process);
    this.dirtyStatus.add(process);
    if (parent !== null) this.adopt(image, parent);
    return image;
  }

  /** The process that the kernel named as an image's parent, where the session knows it; it may have begun no journal, as a shell, or later. */
  kernelParent(image: Image): Process | null {
    const found = image.ppid > 1 ? this.find(image.ppid, image.process.startedAt) : null;
    return found === image.process ? null : found;
  }

  /** A process that C code forked has a journal from its first event on: what it forked before, in C too, named its own parent. */
  private adopt(image: Image, parent: Image): void {
    if (image.ppid > 1 && image.ppid !== parent.pid) {
      const others = this.unannounced.get(image.ppid);
      if (others === undefined) this.unannounced.set(image.ppid, [image]);
      else others.push(image);
    }
    for (const each of this.unannounced.get(image.pid) ?? []) {
      if (each.parent === parent && each.process.parent === parent.process && each.process.parentBy === PARENT_BY.fork)
        this.setParent(each.process, image.process, PARENT_BY.fork);
    }
  }

  setParent(process: Process, parent: Process | null, by: number): void {
    if (by < process.parentBy || parent === process) return;
    // No cycles, and no chains without end, whatever a file says.
    let ancestors = 0;
    for (let each = parent; each !== null; each = each.parent)
      if (each === process || ++ancestors > MAX_ANCESTORS) return;
    process.parent = parent;
    process.parentBy = by;
    this.dirtyMeta.add(process);
  }
  setName(process: Process, name: string, by: number): void {
    if (by < process.nameBy || name === '') return;
    process.name = name;
    process.nameBy = by;
    this.dirtyMeta.add(process);
  }
  setOrigin(process: Process, origin: ProcessOrigin, by: number): void {
    if (by < process.originBy) return;
    process.origin = origin;
    process.originBy = by;
    this.dirtyMeta.add(process);
  }

  /** A process ended. Without a code, and when it said nothing itself, it is lost: nobody saw how. */
  end(
    process: Process,
    state: 'exited' | 'killed' | 'lost',
    at: number,
    code: number | null,
    signal: number | null,
  ): void {
    if (process.state === 'exited' || process.state === 'killed') return;
    const known = code ?? process.exitCode;
    const name = signal === null ? null : signalName(signal);
    const unseen = state === 'exited' && known === null && !process.exitSaid;
    this.settle(process, unseen ? 'lost' : state, known, name);
    if (process.endedAt < 0 || state !== 'lost') process.endedAt = at;
    // Clocks are read before and after a call that may take its time.
    process.endedAt = Math.max(process.endedAt, process.startedAt);
  }

  /** The one place where a process gets its last state: by a code or by a signal, never both. */
  settle(process: Process, state: 'exited' | 'killed' | 'lost', code: number | null, signal: string | null): void {
    process.state = state;
    process.exitCode = state === 'exited' ? code : null;
    process.signal = state === 'killed' ? signal : null;
    process.waits = [];
    this.living.delete(process);
    if (process.reapedAt < 0) this.unreaped.add(process);
    this.dirtyStatus.add(process);
  }

  /** It says that it is about to end: what is seen of its end afterwards, or was before this was read, has the last word. */
  saidExit(process: Process, at: number, code: number | null): void {
    process.exitSaid = true;
    this.dirtyStatus.add(process);
    if (process.state === 'killed') return;
    if (process.state === 'lost') {
      this.end(process, 'exited', at, code, null);
      return;
    }
    // Its own time counts, in whatever order this is read: the look that saw it gone may have read the clock a moment before that.
    process.endedAt = Math.max(at, process.startedAt);
    if (!process.ended && code !== null) process.exitCode = code;
  }

  /** Its parent learned of its end. */
  reaped(process: Process, at: number): void {
    if (process.reapedAt < 0) process.reapedAt = at;
    this.unreaped.delete(process);
    this.dirtyStatus.add(process);
    if (process.image === null) this.dirtyMeta.add(process);
  }
}

/** Programs that become the one that they are given: the process is that one. */
const BECOMES = /^(env|nice|nohup|ionice|stdbuf)$/;

/** Whether a command line is that of a Python that runs something, as far as names tell (interpreters.py does the same). */
export function runsPython(argv: readonly string[]): boolean {
  if (BECOMES.test(basename(argv[0] ?? ''))) {
    const at = argv.findIndex((word, index) => index > 0 && !/^-|^\d+$|=/.test(word));
    return at > 0 && runsPython(argv.slice(at));
  }
  if (!/^(python|pypy)[\d.\-tdmuw]*(\.exe)?$/i.test(basename(argv[0] ?? ''))) return false;
  const first = argv[1] ?? '';
  return !/^-[VhH?]|^--(version|help)/.test(first);
}

/** A leaf's name: the program, or the script or module that a Python was given. */
export function programName(argv: readonly string[]): string {
  const program = basename(argv[0] ?? '');
  if (!/^python[\d.]*(\.exe)?$/i.test(program)) return program;
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] as string;
    if (word === '-m') return argv[i + 1] ?? program;
    if (word === '-c') return `${program} -c`;
    if (word === '-X' || word === '-W') i++;
    else if (!word.startsWith('-')) return basename(word);
  }
  return program;
}
