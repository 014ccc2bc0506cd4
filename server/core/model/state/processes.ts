import type { ProcessOrigin } from '../../../protocol/views';
import { type Image, MAX_ANCESTORS, PARENT_BY, Process } from '../entities/process';
import { type SignalName, signalNames } from '../entities/signalNames';
import { Signals } from '../entities/signals';
import { type Changed, ChangeTracker } from './changes';

/** A call that starts a process returns at most this long after that process's end, ns. Pids are reused. */
const RETURNS_WITHIN = 5e9;

/** Maximum number of processes searched per pid, latest first; no system reuses a pid more often during a run. */
const MAX_SAME_PID = 1000;

/** All processes, found by pid and time, because pids are reused. */
export class Processes {
  readonly all: Process[] = [];
  /** Processes that have not ended. The cost of a poll depends on their number. */
  readonly living = new Set<Process>();
  /** Ended processes that their parents have not reaped, as far as is known. */
  readonly unreaped = new Set<Process>();
  readonly images: Image[] = [];
  readonly byId = new Map<string, Process>();
  private readonly byPid = new Map<number, Process[]>();
  private readonly byUid = new Map<number, Image>();
  /** By the pid of a parent that had no journal yet. */
  private readonly unannounced = new Map<number, Image[]>();

  /** @param signalName names of signals on the program's platform */
  constructor(
    private readonly changes: Changed<Process> = new ChangeTracker().processes,
    private readonly signalName: SignalName = signalNames('linux'),
  ) {}

  /** The process that had this pid at this time and had not ended before it. */
  find(pid: number, at: number): Process | null {
    const candidates = this.byPid.get(pid);
    if (candidates === undefined) return null;
    for (let i = candidates.length - 1; i >= Math.max(0, candidates.length - MAX_SAME_PID); i--) {
      const each = candidates[i] as Process;
      // A child's own journal begins before its creator's call returns, and a reaper reports the end after it.
      if (each.startedAt <= at && (each.endedAt < 0 || each.endedAt >= at || !each.ended)) return each;
    }
    return null;
  }

  latest(pid: number): Process | null {
    return this.byPid.get(pid)?.at(-1) ?? null;
  }

  /** The process of this pid that lives at this time; added if it is new. */
  ensure(pid: number, at: number): Process {
    const latest = this.latest(pid);
    if (latest !== null && !latest.ended) {
      if (at < latest.startedAt) {
        latest.startedAt = at;
        this.changes.meta(latest);
      }
      return latest;
    }
    const known = this.find(pid, at);
    return known ?? this.make(pid, at);
  }

  /**
   * The process that a call returning at this time has created. It may have ended before, and a fork server may have reaped it. In that case it is a
   * process that no record of this rank has named.
   */
  made(pid: number, at: number, by: number, maker: Image | null = null): Process {
    const own = maker === null ? undefined : this.unclaimedChild(pid, at, by, maker);
    const latest = own ?? this.latest(pid);
    if (latest === null || !latest.ended || latest.parentBy >= by) return this.ensure(pid, at);
    // The call's time is from before or after the start of its child, and its record may arrive after everything is over.
    const near = own !== undefined || at - latest.endedAt < RETURNS_WITHIN;
    if (!near || latest.startedAt - at > RETURNS_WITHIN) return this.ensure(pid, at);
    latest.startedAt = Math.min(latest.startedAt, at);
    this.changes.meta(latest);
    return latest;
  }

  /** The child of this pid that has its own journal naming this image as its parent's, and that no call has claimed yet. */
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
    const process = new Process(this.all.length, id, pid, at, this.signalName);
    this.all.push(process);
    this.byId.set(id, process);
    this.living.add(process);
    if (same === undefined) this.byPid.set(pid, [process]);
    else same.push(process);
    this.changes.meta(process);
    this.changes.status(process);
    return process;
  }

  addImage(pid: number, uid: number, parentUid: number, at: number, ppid = 0): Image {
    const parent = this.byUid.get(parentUid) ?? null;
    let process = this.latest(pid);
    // Its creator may have recorded its whole life before its own journal was found.
    const late = process?.ended === true && process.image === null && at <= process.endedAt;
    // A second forked image with the pid of a live process: the pid was reused, and the end of the first process was not observed.
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
      threadsUnknown: false,
      ending: false,
      identified: false,
      forkThreads: new Map(),
      signals: new Signals(this.signalName),
      get forkedAt() {
        return Math.min(at, image.process.startedAt);
      },
    };
    process.image = image;
    process.images.push(image);
    this.images.push(image);
    this.byUid.set(uid, image);
    this.changes.meta(process);
    this.changes.status(process);
    if (parent !== null) this.adopt(image, parent);
    return image;
  }

  /** The process that the kernel named as an image's parent, if the session knows it. It may have no journal, like a shell, or begin one later. */
  kernelParent(image: Image): Process | null {
    const found = image.ppid > 1 ? this.find(image.ppid, image.process.startedAt) : null;
    return found === image.process ? null : found;
  }

  /** A process forked by C code has a journal from its first event on. Children that it forked before, also from C, named its parent. */
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
    // Prevents cycles and endless chains, whatever a file claims.
    let ancestors = 0;
    for (let each = parent; each !== null; each = each.parent)
      if (each === process || ++ancestors > MAX_ANCESTORS) return;
    process.parent = parent;
    process.parentBy = by;
    this.changes.meta(process);
  }
  setName(process: Process, name: string, by: number): void {
    if (by < process.nameBy || name === '') return;
    process.name = name;
    process.nameBy = by;
    this.changes.meta(process);
  }
  setOrigin(process: Process, origin: ProcessOrigin, by: number): void {
    if (by < process.originBy) return;
    process.origin = origin;
    process.originBy = by;
    this.changes.meta(process);
  }

  /** A process ended. Without a code and without its own announcement it is lost: its status is unknown. */
  end(
    process: Process,
    state: 'exited' | 'killed' | 'lost',
    at: number,
    code: number | null,
    signal: number | null,
  ): void {
    if (process.state === 'exited' || process.state === 'killed') return;
    const known = code ?? process.exitCode;
    const name = signal === null ? null : this.signalName(signal);
    const unseen = state === 'exited' && known === null && !process.exitSaid;
    this.settle(process, unseen ? 'lost' : state, known, name);
    if (process.endedAt < 0 || state !== 'lost') process.endedAt = at;
    // Clocks are read before and after a call that may take some time.
    process.endedAt = Math.max(process.endedAt, process.startedAt);
  }

  /** The only place that sets a process's last state: by a code or by a signal, never both. */
  settle(process: Process, state: 'exited' | 'killed' | 'lost', code: number | null, signal: string | null): void {
    process.state = state;
    process.exitCode = state === 'exited' ? code : null;
    process.signal = state === 'killed' ? signal : null;
    this.living.delete(process);
    if (process.reapedAt < 0) this.unreaped.add(process);
    this.changes.status(process);
  }

  /** The process announces its end. An observed end overrides it, whether it is read before or after. */
  saidExit(process: Process, at: number, code: number | null): void {
    process.exitSaid = true;
    this.changes.status(process);
    if (process.state === 'killed') return;
    if (process.state === 'lost') {
      this.end(process, 'exited', at, code, null);
      return;
    }
    // The announced time counts, whatever the read order: the check that missed the process may have read the clock a moment earlier.
    process.endedAt = Math.max(at, process.startedAt);
    if (!process.ended && code !== null) process.exitCode = code;
  }

  /** The parent learned of its end. */
  reaped(process: Process, at: number): void {
    if (process.reapedAt < 0) process.reapedAt = at;
    this.unreaped.delete(process);
    this.changes.status(process);
    if (process.image === null) this.changes.meta(process);
  }
}
