/**
 * Stopping the processes of one run and letting them go on: what is armed, who stands where, which of them the editor was told of.
 * A process is a thread of the debugger; when several of its own threads stop, they are shown one after the other.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import * as l10n from '@vscode/l10n';
import type { SessionHandle } from '../session/types';
import { StopListener } from '../stops/listener';
import { type Followed, PlanFile } from '../stops/plan';
import type { GoOn, StopFrame, Stopped } from '../stops/stopped';
import type { Breakpoints } from './breakpoints';
import { notStopped } from './errors';
import type { ProcessThread, ThreadTable } from './threads';

export interface SteppingEvents {
  stopped(body: DebugProtocol.StoppedEvent['body']): void;
  continued(threadId: number): void;
  /** A log message of a breakpoint, with its place. */
  log(text: string, frame: StopFrame | undefined): void;
}

/** What the stepping needs of the run that it belongs to. */
export interface SteppingRun {
  readonly session: SessionHandle;
  readonly threads: ThreadTable;
  /** Brings what the session knows by now into the threads. */
  look(): Promise<void>;
}

export type StepKind = 'next' | 'in' | 'out';

/** How often a process that stopped is looked for in the model, ms apart, before it is let go. */
const LOOKS = 100;
const LOOK_MS = 20;

export class Stepping {
  private readonly stops = new Map<number, Stopped[]>();
  private readonly going = new Map<Stopped, GoOn>();
  private readonly pausing = new Set<number>();
  /** Threads that are shown as paused where they wait. */
  private readonly waiting = new Set<number>();
  private readonly stepping = new Set<number>();
  private followed: Followed[] = [];
  private lastFollowed = 0;
  private frozen: number | null = null;
  private readonly threadOf = new Map<Stopped, number>();
  private disposed = false;

  private constructor(
    private readonly run: SteppingRun,
    private readonly breakpoints: Breakpoints,
    private readonly plan: PlanFile,
    private readonly events: SteppingEvents,
    private listener: StopListener | null,
  ) {}

  /** Rejects where no socket can be opened, or the session was not prepared for it. */
  static async open(
    run: SteppingRun,
    folder: string,
    breakpoints: Breakpoints,
    events: SteppingEvents,
  ): Promise<Stepping> {
    const stepping = new Stepping(run, breakpoints, new PlanFile(folder), events, null);
    stepping.listener = await StopListener.open({
      stopped: (stop) => void stepping.arrived(stop),
      left: (stop) => stepping.left(stop),
    });
    try {
      stepping.arm();
    } catch (error) {
      stepping.dispose();
      throw error;
    }
    return stepping;
  }

  /** Nothing is armed any more, and everybody goes on. */
  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    try {
      this.plan.write(this.planned(), false);
    } catch {
      // the folder is gone, and with it whoever read it
    }
    for (const stop of [...this.stops.values()].flat()) stop.goOn();
    this.listener?.dispose();
  }

  /** Tells the processes what is wanted now. */
  arm(): void {
    if (this.disposed) return;
    const { breakpoints } = this;
    const armed =
      breakpoints.any ||
      this.pausing.size > 0 ||
      this.followed.length > 0 ||
      this.frozen !== null ||
      this.stepping.size > 0;
    this.plan.write(this.planned(), armed);
  }

  private planned() {
    return {
      socket: this.listener?.path ?? '',
      token: this.listener?.token ?? '',
      lines: this.breakpoints.lines,
      functions: this.breakpoints.named,
      filters: this.breakpoints.filters,
      pause: [...this.pausing],
      follow: this.followed,
      freeze: this.frozen === null ? null : [this.frozen],
    };
  }

  // ── what processes do

  private async arrived(stop: Stopped): Promise<void> {
    const { reason, pid, frames } = stop.told;
    if (this.disposed || !this.counts(stop)) {
      if (reason.log !== undefined && !this.disposed) this.events.log(reason.log, frames[0]);
      stop.goOn({ keep: true });
      return;
    }
    const thread = await this.threadFor(pid, stop);
    if (thread === null || stop.over) {
      stop.goOn();
      return;
    }
    this.threadOf.set(stop, thread.id);
    this.stepping.delete(pid);
    if (this.pausing.delete(pid)) this.arm();
    this.waiting.delete(thread.id);
    const queue = this.stops.get(thread.id) ?? [];
    queue.push(stop);
    this.stops.set(thread.id, queue);
    if (queue.length === 1) this.tell(thread.id, stop);
  }

  /** Whether this hit is one to stop at. */
  private counts({ told: { reason } }: Stopped): boolean {
    if (reason.kind === 'follow') {
      const before = this.followed.length;
      this.followed = this.followed.filter((each) => each.id !== reason.id);
      if (this.followed.length < before) this.arm();
      return this.followed.length < before; // whoever comes second with the same bytes has another message
    }
    if (reason.kind === 'freeze') return this.frozen !== null;
    if (reason.kind !== 'line' && reason.kind !== 'function' && reason.kind !== 'filter') return true;
    return this.breakpoints.counted(reason.id) && reason.log === undefined;
  }

  /**
   * A process that was made a moment ago may not be in the model yet, or only as its maker knows it: what it wrote of itself before
   * it stopped (its name) is read first.
   */
  private async threadFor(pid: number, stop: Stopped): Promise<ProcessThread | null> {
    for (let look = 0; look < LOOKS && !stop.over && !this.disposed; look++) {
      if (look > 0) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      await this.run.look();
      const found = this.run.threads.find((each) => each.pid === pid);
      if (found !== null) return found;
    }
    return null;
  }

  private tell(threadId: number, stop: Stopped): void {
    const { reason, pid, frames } = stop.told;
    const top = frames.find((each) => !each.subtle);
    this.run.session.pause(pid, { line: top ? { file: top.file, line: top.line, function: top.name } : null });
    const kinds = { line: 'breakpoint', function: 'function breakpoint', filter: 'exception' } as const;
    const known = reason.kind === 'follow' || reason.kind === 'step' ? 'step' : 'pause';
    const isBreakpoint = reason.kind === 'line' || reason.kind === 'function' || reason.kind === 'filter';
    this.events.stopped({
      reason: isBreakpoint ? kinds[reason.kind as 'line'] : known,
      description: this.describe(stop),
      ...(reason.problem === undefined ? {} : { text: l10n.t('The condition failed: {0}', reason.problem) }),
      threadId,
      allThreadsStopped: false,
      preserveFocusHint: reason.kind === 'freeze',
      ...(isBreakpoint ? { hitBreakpointIds: [reason.id] } : {}),
    });
  }

  /** "Paused on put to tasks" */
  private describe({ told: { op, error, keys, name, reason } }: Stopped): string {
    if (reason.kind === 'freeze') return l10n.t('Held');
    const channel = keys.map((key) => this.run.session.channelOf(key)).find((each) => each !== null);
    const on = name || channel?.name || '';
    if (error !== null) return on === '' ? l10n.t('Paused on {0}', error) : l10n.t('Paused on {0} of {1}', error, on);
    return on === '' ? l10n.t('Paused on {0}', op) : l10n.t('Paused on {0} of {1}', op, on);
  }

  private left(stop: Stopped): void {
    const threadId = this.threadOf.get(stop);
    this.threadOf.delete(stop);
    this.going.delete(stop);
    if (threadId === undefined) return;
    const queue = this.stops.get(threadId) ?? [];
    const shown = queue[0] === stop;
    const rest = queue.filter((each) => each !== stop);
    if (rest.length > 0) this.stops.set(threadId, rest);
    else this.stops.delete(threadId);
    if (!shown) return;
    this.run.session.pause(stop.told.pid, null);
    if (!this.disposed) this.events.continued(threadId);
    if (rest[0] !== undefined && !this.disposed) this.tell(threadId, rest[0]);
  }

  // ── what the user wants

  /** The stop that a thread is shown in. @throws DapError */
  stopOf(threadId: number): Stopped {
    const stop = this.stops.get(threadId)?.[0];
    if (stop === undefined) throw notStopped();
    return stop;
  }
  isWaiting(threadId: number): boolean {
    return this.waiting.has(threadId);
  }
  get stoppedThreads(): readonly number[] {
    return [...this.stops.keys()];
  }

  /** What happens to the message when its process goes on. */
  intend(threadId: number, how: Pick<GoOn, 'drop' | 'twice' | 'delay'>): void {
    const stop = this.stopOf(threadId);
    this.going.set(stop, { ...this.going.get(stop), ...how });
  }

  continue(threadId: number): void {
    if (this.waiting.delete(threadId)) {
      const pid = this.run.threads.find((each) => each.id === threadId)?.pid;
      if (pid !== undefined) this.pausing.delete(pid);
      this.arm();
      return;
    }
    this.goOn(this.stopOf(threadId), {});
  }

  continueAll(): void {
    this.frozen = null;
    this.pausing.clear();
    const waiting = [...this.waiting];
    this.waiting.clear();
    this.arm();
    for (const threadId of waiting) this.events.continued(threadId);
    for (const stop of [...this.stops.values()].flat()) this.goOn(stop, {});
  }

  step(threadId: number, kind: StepKind): void {
    const stop = this.stopOf(threadId);
    const { told } = stop;
    const { message } = told;
    const going = this.going.get(stop);
    if (
      kind === 'in' &&
      told.phase === 'before' &&
      message?.hash !== undefined &&
      message.size !== undefined &&
      !going?.drop
    ) {
      const keys = told.keys.flatMap((key) => this.run.session.channelOf(key)?.keys ?? [key]);
      this.lastFollowed += 1;
      this.followed = [...this.followed, { id: this.lastFollowed, size: message.size, hash: message.hash, keys }];
      this.arm();
      this.goOn(stop, {});
      return;
    }
    this.stepping.add(told.pid);
    this.arm();
    this.goOn(stop, { step: kind === 'out' ? 'out' : 'next' });
  }

  /** Stops a process at its next operation; one that waits is shown at once where it does. */
  pause(threadId: number): void {
    const thread = this.run.threads.find((each) => each.id === threadId);
    if (thread === null) throw notStopped();
    if (this.stops.has(threadId) || this.waiting.has(threadId)) return;
    this.pausing.add(thread.pid);
    this.arm();
    const wait = thread.status.waits[0];
    if (wait === undefined) return;
    this.waiting.add(threadId);
    this.events.stopped({
      reason: 'pause',
      description:
        wait.on === ''
          ? l10n.t('Waiting in {0}', wait.operation)
          : l10n.t('Waiting in {0} of {1}', wait.operation, wait.on),
      threadId,
      allThreadsStopped: false,
    });
  }

  /** Holds every other process at its next operation, until it is asked again. Answers whether they are held now. */
  freezeOthers(threadId: number): boolean {
    const pid = this.run.threads.find((each) => each.id === threadId)?.pid ?? null;
    this.frozen = this.frozen === null ? pid : null;
    this.arm();
    if (this.frozen === null) {
      for (const stop of [...this.stops.values()].flat()) if (stop.told.reason.kind === 'freeze') this.goOn(stop, {});
    }
    return this.frozen !== null;
  }

  private goOn(stop: Stopped, how: GoOn): void {
    stop.goOn({ ...this.going.get(stop), ...how });
  }
}
