import type { SessionDelta } from '../../protocol/stream';
import type { PoolStatus, SessionMeta, SessionState, SessionStatus } from '../../protocol/views';
import { Channels } from './channels';
import { Developer } from './developer';
import { applyEvent, type EventTarget } from './events';
import type { RecordFields } from './fields';
import { Locations } from './locations';
import { Locks } from './locks';
import { MessageIndex } from './messageIndex';
import { activityOf } from './poolActivity';
import { Pool } from './pools';
import type { PoolWorker } from './poolWorkers';
import { type ForkThread, type Image, type Process, Processes } from './processes';
import { applyRecord } from './records';
import { idOf, NOTHING_SHOWN } from './shown';
import { TaskIndex } from './tasks';
import { settle } from './unfinished';
import { type Blocked, blockedOf, type CellView, waitView } from './waits';

/** A fork that copied one thread and left others behind. */
export interface ThreadedFork {
  readonly parent: Process;
  readonly child: Process;
  readonly line: number;
  readonly at: number;
  readonly threads: readonly ForkThread[];
}

/** A start that failed. */
interface FailedStart {
  readonly process: Process;
  /** Of the child that was to be. */
  readonly name: string;
  readonly line: number;
  readonly at: number;
  readonly error: string;
}

interface SessionEnd {
  readonly pid: number | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/**
 * What a session is, derived from its journals alone and from what the operating system says of its processes.
 * Ingest applies records and events; the engine takes deltas.
 */
export class SessionModel implements EventTarget {
  readonly processes = new Processes();
  readonly channels: Channels;
  readonly locks: Locks;
  readonly locations = new Locations();
  readonly messages = new MessageIndex();
  readonly pools = new Map<number, Pool>();
  /** In order of appearance; a pool's number is its place. */
  readonly poolList: Pool[] = [];
  readonly developer = new Developer();
  readonly tasks = new TaskIndex();
  readonly workers: PoolWorker[] = [];
  /** A task's arguments as short text; whoever can read payloads sets it. */
  describeArguments: (task: number) => string = () => '';
  readonly dirtyPoolMeta = new Set<Pool>();
  readonly dirtyPools = new Set<Pool>();
  /** Process objects by gid: what their creator said of them before they started. */
  readonly children = new Map<number, RecordFields>();
  /** Forks while other threads of Python's lived. */
  readonly threadedForks: ThreadedFork[] = [];
  /** Processes that could not be started, because something could not be pickled. */
  readonly failedStarts: FailedStart[] = [];
  main: Process | null = null;
  /** Monotonic ns of the first journal; everything is told relative to it. */
  origin = 0;
  /** Monotonic ns of the newest thing applied. */
  now = 0;
  events = 0;
  /** Goes up with every change of what is known; whoever derives something from it looks here. */
  revision = 0;
  matched = 0;
  /** Receives that were recycled before they were read, or whose send was. */
  lostReceives = 0;
  /** Messages that were received by receives that were recycled before they were read: nobody knows which. */
  receivedUnseen = 0;
  dropped = 0;
  exitCode: number | null = null;
  exitSignal: string | null = null;
  state: SessionState = 'starting';
  private readonly warnings: string[] = [];
  /** Processes that the line debugger did not get into, in the order in which they said so. */
  readonly lineProblems: { readonly process: Process; readonly reason: string }[] = [];
  private metaSent = false;
  private lastStatus = '';

  /** @param shown of a recording: what was decided while it was watched */
  constructor(
    readonly meta: SessionMeta,
    shown = NOTHING_SHOWN,
  ) {
    this.channels = new Channels(shown);
    this.locks = new Locks(shown);
  }

  warn(sentence: string): void {
    if (this.warnings.length < 50 && !this.warnings.includes(sentence)) this.warnings.push(sentence);
  }

  addImage(pid: number, uid: number, parentUid: number, at: number, ppid = 0): Image {
    if (this.origin === 0 || at < this.origin) this.origin = at;
    if (this.state === 'starting') this.state = 'running';
    this.revision++;
    return this.processes.addImage(pid, uid, parentUid, at, ppid);
  }

  record(image: Image, fields: RecordFields): void {
    this.revision++;
    applyRecord(this, image, fields);
  }

  event(
    image: Image,
    kind: number,
    outcome: number,
    flags: number,
    t0: number,
    t1: number,
    thread: number,
    obj: number,
    loc: number,
    size: number,
    a: number,
    b: number,
    seq: number,
    data: () => string,
  ): void {
    this.events++;
    this.revision++;
    if (t1 > this.now) this.now = t1;
    applyEvent(this, image, kind, outcome, flags, t0, t1, thread, obj, loc, size, a, b, seq, data);
  }

  /** The cells of one live image, read now. @param now monotonic ns */
  cells(image: Image, cells: readonly CellView[], now: number): void {
    const process = image.process;
    if (process.image !== image || process.ended) return;
    const blocked = blockedOf(this, image, cells, now);
    if (blockedKey(blocked) === blockedKey(process.blocked)) return;
    this.revision++;
    process.blocked = blocked;
    process.waits = blocked.map((each) => waitView(this, each));
    this.processes.dirtyStatus.add(process);
  }

  /** The cells of an image, read after its end: they tell where it died. @param byItself it said that it ends, and was not killed */
  lastCells(image: Image, cells: readonly CellView[], byItself = false): void {
    const process = image.process;
    this.revision++;
    if (process.image !== image) return;
    process.diedIn = blockedOf(this, image, cells, Number.POSITIVE_INFINITY);
    process.blocked = byItself ? [] : process.diedIn;
  }

  /** A process has ended and its journal is read to its end. @param cells of all its threads, idle ones too */
  settle(image: Image, cells: readonly CellView[]): void {
    this.revision++;
    settle(this, image, cells);
  }

  /** The operating system says that a process is gone. @param at monotonic ns; @param status what a zombie's own status said */
  processGone(process: Process, at: number, status?: { code: number | null; signal: number | null }): void {
    if (process.ended) return;
    this.revision++;
    if (status !== undefined && status.signal !== null) this.processes.end(process, 'killed', at, null, status.signal);
    else if (status !== undefined && status.code !== null)
      this.processes.end(process, 'exited', process.saidEnd(at), status.code, null);
    else if (process.exitSaid) this.processes.end(process, 'exited', process.saidEnd(at), process.exitCode, null);
    else if (process.signalled !== null) this.processes.end(process, 'killed', at, null, process.signalled);
    else this.processes.end(process, 'lost', at, null, null);
  }

  /** Whoever waited for the main process knows how it ended. */
  mainEnded(end: SessionEnd, at: number): void {
    this.revision++;
    this.exitCode = end.exitCode;
    this.exitSignal = end.signal;
    let main = this.main;
    if (main === null && end.pid !== null) {
      main = this.processes.latest(end.pid) ?? this.processes.make(end.pid, this.origin || at);
      this.adoptMain(main);
    }
    if (main === null) return;
    // Who waited for it knows better than what was guessed from its absence; without a status all that counts is what it said itself.
    if (end.signal !== null) this.processes.settle(main, 'killed', null, end.signal);
    else if (end.exitCode !== null) this.processes.settle(main, 'exited', end.exitCode, null);
    else if (!main.ended) this.processes.settle(main, main.exitSaid ? 'exited' : 'lost', main.exitCode, null);
    if (main.endedAt < 0) main.endedAt = Math.max(at, main.startedAt);
  }

  adoptMain(process: Process): void {
    this.main = process;
    this.processes.setOrigin(process, 'main', 10);
    this.processes.setName(process, this.meta.name, 10);
    if (process.argv.length === 0) process.argv = this.meta.command;
  }

  pool(key: number): Pool {
    let pool = this.pools.get(key);
    if (pool === undefined) {
      // By its queue of tasks where it has one, which is known by the same id wherever it is read.
      const of = key < 0 ? (this.channels.all[-1 - key]?.id ?? '') : idOf(key);
      pool = new Pool(`pool-${of}`, this.poolList.length);
      this.poolList.push(pool);
      this.pools.set(key, pool);
    }
    return pool;
  }

  /** The submitter has met a failed job's exception. Jobs are numbered per process. */
  resultSeen(image: Image, job: number): void {
    for (const pool of this.pools.values()) if (pool.process === image.process) pool.resultSeen(job);
  }

  get alive(): number {
    return this.processes.living.size;
  }

  status(durationMs: number): SessionStatus {
    return {
      state: this.state,
      exitCode: this.exitCode,
      signal: this.exitSignal,
      durationMs: Math.round(durationMs),
      counts: {
        processes: this.processes.all.length,
        alive: this.alive,
        messages: this.messages.count,
        matched: this.matched,
        events: this.events,
        dropped: this.dropped,
      },
      warnings: [...this.warnings],
    };
  }

  /** What changed since the last call; null when nothing did. */
  takeDelta(durationMs: number): SessionDelta | null {
    const { processes, channels } = this;
    const status = this.status(durationMs);
    const { durationMs: _, ...rest } = status;
    const statusKey = JSON.stringify(rest);
    const changed =
      statusKey !== this.lastStatus ||
      processes.dirtyMeta.size + processes.dirtyStatus.size > 0 ||
      channels.dirtyMeta.size + channels.dirtyStatus.size > 0 ||
      this.dirtyPools.size + this.dirtyPoolMeta.size > 0 ||
      this.developer.changed;
    if (!changed && this.metaSent) return null;
    this.lastStatus = statusKey;
    // Not when the last event was: at rest a rate goes down too.
    const now = this.rateMoment(durationMs);
    const delta: SessionDelta = {
      id: this.meta.id,
      full: false,
      status,
      ...(this.metaSent ? {} : { meta: this.meta }),
      ...(processes.dirtyMeta.size > 0 && {
        processes: [...processes.dirtyMeta].map((each) => each.meta(this.origin, this.locations)),
      }),
      ...(processes.dirtyStatus.size > 0 && {
        processStatus: [...processes.dirtyStatus].map((each) => each.status(this.origin, this.locations)),
      }),
      ...(channels.dirtyMeta.size > 0 && {
        channels: [...channels.dirtyMeta].map((each) => each.meta(this.locations)),
      }),
      ...(channels.dirtyStatus.size > 0 && {
        channelStatus: [...channels.dirtyStatus].map((each) => each.status(now)),
      }),
      ...(this.dirtyPoolMeta.size > 0 && {
        pools: this.declared(this.dirtyPoolMeta).map((each) => each.meta(this.locations)),
      }),
      ...(this.dirtyPools.size > 0 && {
        poolStatus: this.declared(this.dirtyPools).map((each) => this.poolStatus(each, durationMs)),
      }),
      ...(this.developer.changed && { developer: this.developer.views(this.origin, this.locations) }),
    };
    this.metaSent = true;
    this.developer.changed = false;
    // A rate goes down without any event: a channel that still has one is told again next time.
    const rated = [...channels.dirtyStatus].filter((each) => each.rate.perSecond(now) > 0);
    const runningPools = [...this.dirtyPools].filter((each) => each.rate.perSecond(now) > 0);
    for (const set of [
      processes.dirtyMeta,
      processes.dirtyStatus,
      channels.dirtyMeta,
      channels.dirtyStatus,
      this.dirtyPools,
      this.dirtyPoolMeta,
    ])
      set.clear();
    for (const each of rated) channels.dirtyStatus.add(each);
    for (const each of runningPools) this.dirtyPools.add(each);
    return delta;
  }

  /** Monotonic ns. @param durationMs since the session began */
  private momentOf(durationMs: number): number {
    return Math.max(this.now, this.origin + durationMs * 1e6);
  }

  /** The moment of which rates are told; null: it is over, nothing goes on any more. */
  private rateMoment(durationMs: number): number | null {
    return this.state === 'ended' ? null : this.momentOf(durationMs);
  }

  /** Everything. */
  fullDelta(durationMs: number): SessionDelta {
    const pools = this.declared(new Set(this.pools.values()));
    return {
      id: this.meta.id,
      full: true,
      meta: this.meta,
      status: this.status(durationMs),
      processes: this.processes.all.map((each) => each.meta(this.origin, this.locations)),
      processStatus: this.processes.all.map((each) => each.status(this.origin, this.locations)),
      channels: this.channels.all.map((each) => each.meta(this.locations)),
      channelStatus: this.channels.all.map((each) => each.status(this.rateMoment(durationMs))),
      pools: pools.map((each) => each.meta(this.locations)),
      poolStatus: pools.map((each) => this.poolStatus(each, durationMs)),
      developer: this.developer.views(this.origin, this.locations),
    };
  }

  poolStatus(pool: Pool, durationMs: number): PoolStatus {
    return { ...pool.status(), activity: activityOf(this, pool, this.momentOf(durationMs)) };
  }

  private declared(pools: ReadonlySet<Pool>): Pool[] {
    return [...pools].filter((each) => each.declared);
  }

  dispose(): void {
    this.messages.dispose();
    this.tasks.dispose();
  }
}

function blockedKey(list: readonly Blocked[]): string {
  return list.map((each) => `${each.operation} ${each.ident} ${each.since} ${each.channel?.name ?? ''}`).join();
}
