import { isHelper } from '../../../shared/processes';
import { type Blocked, isMain } from '../entities/blocked';
import { type Channel, directionOf, type Use } from '../entities/channel';
import type { Process } from '../entities/process';
import type { SessionModel } from '../state/sessionModel';
import { components } from './components';
import { awaitsTimer, type Handler, handlersOf } from './handlers';
import { isServant, isServantTarget } from './servants';

/** A process that could end a wait, and how. */
export interface Holder {
  readonly process: Process;
  readonly why: string;
}

const CHILD_ENDED = 'SIGCHLD';

/** All waits at one moment: the processes that could end each, and the waits that nothing can end. */
export class Waits {
  /** The processes that could end each wait, including ended ones. Null: unknown. */
  readonly holders = new Map<Blocked, readonly Holder[] | null>();
  /** Processes that wait only for each other: only an event from outside can wake them. */
  readonly stuck: ReadonlySet<Process>;
  /** Stuck processes that continue when a signal arrives which a process handles with its own function. */
  readonly wakeable: ReadonlySet<Process>;
  readonly all: readonly Blocked[];
  /** A live process has just been started, and what it has inherited or received is not known yet. */
  private readonly newcomers: boolean;
  /** Live processes, now or at the chosen moment. */
  private readonly population: readonly Process[];

  /** @param at the moment, monotonic ns; null: now. Processes killed after it count with what they were blocked in then */
  constructor(
    readonly model: SessionModel,
    private readonly at: number | null = null,
    readonly now = at ?? model.now,
  ) {
    const { all, living } = model.processes;
    this.population = at === null ? [...living] : all.filter((each) => this.lives(each));
    this.all = this.population.flatMap((each) => this.of(each));
    this.newcomers = this.population.some(isNewcomer);
    for (const wait of this.all) this.holders.set(wait, this.holdersOf(wait));
    this.stuck = this.findStuck(() => false);
    const unsignalled = this.stuck.size === 0 ? this.stuck : this.findStuck((each) => this.handlers(each).length > 0);
    this.wakeable = new Set([...this.stuck].filter((each) => !unsignalled.has(each)));
  }

  /** The signals that this process handles with its own functions and that may come from outside the program. */
  handlers(process: Process): readonly Handler[] {
    return handlersOf(process, this.now).filter((each) => each.signal !== CHILD_ENDED);
  }

  lives(process: Process): boolean {
    return !process.ended || (this.at !== null && process.endedAt >= this.at);
  }
  /** Live processes that could end the wait. */
  living(wait: Blocked): readonly Holder[] {
    return (this.holders.get(wait) ?? []).filter((each) => this.lives(each.process));
  }
  /** What the threads of this process are in. */
  of(process: Process): readonly Blocked[] {
    if (!this.lives(process)) return [];
    const { at } = this;
    const blocked = this.model.blocked.of(process);
    return at === null ? blocked : blocked.filter((each) => each.since <= at);
  }
  /** Whether this process has the end open, now or at the chosen moment. */
  isOpen(use: Use): boolean {
    return use.open || (this.at !== null && use.closedAt > this.at);
  }

  /**
   * First, every process that is not known to be blocked forever may act. A process that waits for one that may act may act later itself. All others
   * are stuck. An unknown process counts as able to act: no finding is better than a wrong one.
   */
  private findStuck(isAwake: (process: Process) => boolean): Set<Process> {
    const stuck = new Set<Process>();
    for (const process of this.population) {
      const blocked = this.of(process);
      if (blocked.length === 0 || mayAct(process, blocked) || this.wentOn(process)) continue;
      if (!awaitsTimer(process, this.now) && !process.image?.signals.unknown && !isAwake(process)) stuck.add(process);
    }
    const parents = [...stuck].filter((each) =>
      handlersOf(each, this.now).some(({ signal }) => signal === CHILD_ENDED),
    );
    for (let changed = true; changed; ) {
      changed = false;
      for (const process of stuck) {
        const hearsOfChild = parents.includes(process) && this.hasActiveChild(process, stuck);
        if (!hearsOfChild && !this.of(process).some((wait) => this.mayEnd(wait, stuck))) continue;
        stuck.delete(process);
        changed = true;
      }
    }
    return stuck;
  }

  /** Whether the process did something after the chosen moment: a signal handler ran, or it was not stuck. */
  private wentOn(process: Process): boolean {
    return this.at !== null && process.lastEventAt > this.at;
  }

  /** Whether a child may still exit: its exit sends a signal to its parent. */
  private hasActiveChild(process: Process, stuck: ReadonlySet<Process>): boolean {
    return this.population.some((each) => each.parent === process && !stuck.has(each) && !isHelper(each));
  }

  private mayEnd(wait: Blocked, stuck: ReadonlySet<Process>): boolean {
    if (wait.timeout !== null) return true;
    if (this.newcomers && (wait.channel !== null || (wait.lock !== null && wait.operation === 'wait'))) return true;
    const holders = this.holders.get(wait);
    if (holders === undefined || holders === null || this.hasArrived(wait)) return true;
    return holders.some((each) => this.lives(each.process) && !stuck.has(each.process));
  }

  /** Whether the awaited thing is already there, so that the wait is about to end. */
  hasArrived({ operation, channel, end, joined }: Blocked): boolean {
    if (operation === 'join' || operation === 'waitpid') return joined !== null && !this.lives(joined);
    if (channel === null) return false;
    if (operation === 'put') return channel.capacity > 0 && channel.depth < channel.capacity;
    if (operation === 'queue.join') return channel.puts <= channel.tasksDone;
    if (operation !== 'get' && operation !== 'recv' && operation !== 'poll') return false;
    const { sends, receives } = end === null ? channel.directions[0] : directionOf(end, false);
    return sends > receives;
  }

  /** The processes that could end the wait, including ended ones. Null: unknown. */
  private holdersOf(wait: Blocked): Holder[] | null {
    const { operation, channel, joined, lock, pool, process } = wait;
    const all = this.population;
    if (operation === 'join' || operation === 'waitpid') {
      if (joined !== null) return [{ process: joined, why: 'is to end' }];
      if (!wait.anyChild) return null;
      const children = all.filter((each) => each.parent === process);
      return children.map((each) => ({ process: each, why: 'is its child' }));
    }
    if (pool !== null) {
      if (pool.kind === 'ThreadPool') return pool.process && [{ process: pool.process, why: 'runs its tasks' }];
      const workers = pool.workers.map((id) => this.model.processes.byId.get(id)).filter((each) => each !== undefined);
      return workers.map((each) => ({ process: each, why: 'works for the pool' }));
    }
    if (lock !== null) {
      if (operation === 'acquire')
        return lock.owned ? [...lock.holds.values()].map((each) => ({ process: each.process, why: 'holds it' })) : null;
      // Any process of the program may notify: which processes have the object is not recorded.
      return all
        .filter((each) => each !== process && each.image !== null && !isHelper(each))
        .map((each) => ({ process: each, why: 'may notify' }));
    }
    if (channel === null || !channel.whole) return null;
    if (operation === 'get' || operation === 'recv' || operation === 'poll')
      return this.usersOf(channel, wait, 'w', 'can put into it', 'has the writing end open');
    if (operation === 'put' || operation === 'send')
      return this.usersOf(channel, wait, 'r', 'can take from it', 'has the reading end open');
    if (operation === 'queue.join')
      return this.usersOf(channel, wait, 'r', 'can mark items done', 'can mark items done');
    return null;
  }

  /** The other processes that have the far end of this wait's direction open, each once. */
  private usersOf(channel: Channel, wait: Blocked, need: 'r' | 'w', queue: string, pipe: string): Holder[] {
    const found = new Map<Process, Holder>();
    const why = channel.isQueue || channel.kind === 'SimpleQueue' ? queue : pipe;
    for (const use of channel.uses) {
      if (use.process === wait.process || !this.isOpen(use) || !reaches(use, wait, need)) continue;
      if (!isHelper(use.process)) found.set(use.process, { process: use.process, why });
    }
    return [...found.values()];
  }

  /** The processes that could end the wait, live ones first. */
  livingFirst(wait: Blocked): Holder[] {
    const holders = this.holders.get(wait) ?? [];
    const lives = (each: Holder) => this.lives(each.process);
    return [...holders.filter(lives), ...holders.filter((each) => !lives(each))];
  }

  /** Groups of stuck processes that wait for each other. */
  cycles(): Process[][] {
    return components([...this.stuck], (process) =>
      this.of(process).flatMap((wait) => this.living(wait).map((each) => each.process)),
    );
  }
}

/** Whether some thread of this process may continue by itself. */
function mayAct(process: Process, blocked: readonly Blocked[]): boolean {
  const { image } = process;
  if (image === null || image.threadsUnknown) return true;
  const waiting = new Set(blocked.filter((each) => each.timeout === null).map((each) => each.ident));
  const main = blocked.find(isMain);
  if (image.ending ? main?.timeout != null : main === undefined || main.timeout !== null) return true;
  for (const [ident, thread] of image.threads) {
    if (thread.ended || waiting.has(ident) || thread.name === 'MainThread') continue;
    if (!isServantTarget(thread.target, thread.name)) return true;
  }
  return blocked.some((each) => each.timeout !== null && !isServant(each));
}

/** The process was started and has not yet begun its target. Some processes that are never recorded stay in this state. */
function isNewcomer(process: Process): boolean {
  const { image, origin, startMethod } = process;
  if (isHelper(process)) return false;
  if (image === null) return startMethod !== null || origin === 'fork';
  return !image.identified && startMethod !== null && startMethod !== 'fork';
}

/** Whether this use of the channel is of the end opposite to the wait's. */
export function reaches(use: Use, wait: Pick<Blocked, 'end'>, need: 'r' | 'w'): boolean {
  if (!use.end.mode.includes(need)) return false;
  if (!use.channel.duplex || wait.end === null) return true;
  return use.end.side !== wait.end.side;
}
