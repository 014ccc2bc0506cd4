/**
 * Stopping the processes of one run and letting them go on: what is armed, who stands where, which of them the editor was told of.
 * A process is a thread of the debugger; when several of its own threads stop, they are shown one after the other.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import * as l10n from '@vscode/l10n';
import { StopListener } from '../debug/pauses/listener';
import { type Followed, holdUntil, PlanFile } from '../debug/pauses/plan';
import { planText } from '../debug/pauses/planText';
import { type GoOn, reportText, type StopFrame, type Stopped, type Value } from '../debug/pauses/stopped';
import { log } from '../engine/log/log';
import type { SessionHandle } from '../engine/session/types';
import type { SessionDelta } from '../protocol/stream';
import type { DeveloperIntent, Finding } from '../protocol/views';
import type { Breakpoints } from './breakpoints';
import { notStopped } from './errors';
import { messageText } from './messageText';
import { errorOf, findingLines, stopBadge, stopText, waitingBadge, waitingText } from './stopText';
import type { ProcessThread, ThreadTable } from './threads';

interface SteppingEvents {
  stopped(body: DebugProtocol.StoppedEvent['body']): void;
  continued(threadId: number): void;
  /** A log message of a breakpoint, with its place. */
  log(text: string, frame: StopFrame | undefined): void;
  /** A finding to stop at: told whether or not anybody can be stopped. */
  found(finding: Finding): void;
  /** The processes could not be told what to stop at. */
  failed(error: unknown): void;
}

/** What the stepping needs of the run that it belongs to. */
export interface SteppingRun {
  readonly session: SessionHandle;
  readonly threads: ThreadTable;
  /** The session's own clock: ms since its start. */
  readonly nowMs: number;
  /** Brings what the session knows by now into the threads. */
  look(): Promise<void>;
}

export type StepKind = 'next' | 'in' | 'out';

/** How often a process that stopped is looked for in the model, ms apart, before it is let go. */
const LOOKS = 100;
const LOOK_MS = 20;
/** How often what is said of a stop that lasts is told anew, ms. */
const AGAIN_MS = 1000;

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
  /** Until when everybody waits for the first breakpoints; null: nobody does. */
  private hold: number | null = null;
  /** The first operation of all is one to stop at. */
  private entry = false;
  private readonly threadOf = new Map<Stopped, number>();
  private disposed = false;
  /** Findings that the processes of these pids are to stop for, or stopped for. */
  private readonly findings = new Map<number, { readonly finding: Finding; readonly id: number }>();
  private readonly seenFindings = new Set<string>();
  private readonly edited = new Map<Stopped, Value>();
  private again: NodeJS.Timeout | null = null;
  /** The editor is VS Code: it may be told of the same stop again, without being led there; and a stop's text is the badge of its process's row. */
  showsAnew = false;

  private constructor(
    private readonly run: SteppingRun,
    private readonly breakpoints: Breakpoints,
    private readonly plan: PlanFile,
    private readonly events: SteppingEvents,
    private listener: StopListener | null,
  ) {}

  /**
   * Rejects where no socket can be opened, or the session was not prepared for it.
   *
   * @param how holds: the program is on its way already: it waits at its next operation until `configured`; stopOnEntry: it stops at its first one
   */
  static async open(
    run: SteppingRun,
    folder: string,
    breakpoints: Breakpoints,
    events: SteppingEvents,
    { holds, stopOnEntry }: { readonly holds: boolean; readonly stopOnEntry: boolean },
  ): Promise<Stepping> {
    const stepping = new Stepping(run, breakpoints, new PlanFile(folder), events, null);
    if (holds) stepping.hold = holdUntil();
    stepping.entry = stopOnEntry;
    stepping.listener = await StopListener.open({
      stopped: (stop) => {
        // Where it cannot be shown, it must not stand either.
        stepping.arrived(stop).catch((error: unknown) => {
          stop.goOn({ keep: true });
          events.failed(error);
        });
      },
      left: (stop) => stepping.left(stop),
    });
    try {
      stepping.write();
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
    if (this.again !== null) clearInterval(this.again);
    try {
      this.plan.write(this.planned(), false);
    } catch (error) {
      // the folder is gone, and with it whoever read it
      log.swallowed('taking the plan back', error);
    }
    for (const stop of [...this.stops.values()].flat()) stop.goOn();
    this.listener?.dispose();
  }

  /** All breakpoints were told: whoever waited for them goes on. */
  configured(): void {
    if (this.hold === null) return;
    this.hold = null;
    this.arm();
  }

  /** Tells the processes what is wanted now. */
  arm(): void {
    if (this.disposed) return;
    try {
      this.write();
    } catch (error) {
      // A full disk, or a folder that was deleted: the program runs on with what it knows.
      log.swallowed('writing the plan', error);
      this.events.failed(error);
    }
  }

  private write(): void {
    const { breakpoints } = this;
    const armed =
      breakpoints.any ||
      this.hold !== null ||
      this.entry ||
      this.pausing.size > 0 ||
      this.followed.length > 0 ||
      this.frozen !== null ||
      this.stepping.size > 0;
    const plan = this.planned();
    if (this.plan.write(plan, armed)) log.note('plan', () => planText(plan, armed));
  }

  private planned() {
    return {
      socket: this.listener?.path ?? '',
      word: this.listener?.secret ?? '',
      lines: this.breakpoints.lines,
      functions: this.breakpoints.named((name) => this.run.session.keysNamed(name)),
      filters: this.breakpoints.filters,
      pause: [...this.pausing],
      follow: this.followed,
      freeze: this.frozen === null ? null : [this.frozen],
      ...(this.entry && { entry: true }),
      ...(this.hold !== null && { hold: this.hold }),
    };
  }

  /** What the views of the session show is new. */
  changed(delta: SessionDelta): void {
    if (this.disposed) return;
    if (delta.channels !== undefined && this.breakpoints.hasFunctions) this.arm();
    if (this.frozen !== null && this.run.threads.find((each) => each.pid === this.frozen) === null) this.release();
    for (const threadId of this.waiting) {
      const thread = this.run.threads.find((each) => each.id === threadId);
      if (thread !== null && thread.status.waits.length > 0) continue;
      // It goes on by itself; at its next operation it stops, as it was asked to.
      this.waiting.delete(threadId);
      this.events.continued(threadId);
    }
    this.tellAgain();
    for (const finding of delta.findings ?? []) this.raised(finding);
  }

  /** Stops those whom a new finding is about, where it is one to stop at. */
  private raised(finding: Finding): void {
    if (this.seenFindings.has(finding.id)) return;
    this.seenFindings.add(finding.id);
    const id = this.breakpoints.stopsAtFinding(finding.code);
    if (id === null) return;
    log.note(
      'stop',
      () =>
        `at the finding ${finding.code} ${finding.id}, by #${id}: pauses ${finding.processes.join(' ') || 'nobody'}`,
    );
    this.events.found(finding);
    if (finding.over) return;
    for (const processId of finding.processes) {
      const thread = this.run.threads.ofProcess(processId);
      if (thread === null || this.stops.has(thread.id) || this.waiting.has(thread.id)) continue;
      this.findings.set(thread.pid, { finding, id });
      this.pause(thread.id);
    }
  }

  // ── what processes do

  private async arrived(stop: Stopped): Promise<void> {
    const { reason, pid, frames } = stop.told;
    log.note('stop', () => reportText(stop.told));
    if (this.disposed || !this.counts(stop)) {
      log.note('stop', () => `pid ${pid} goes on: ${this.whyNot(stop)}`);
      if (reason.log !== undefined && !this.disposed) this.events.log(reason.log, frames[0]);
      stop.goOn({ keep: true });
      return;
    }
    const thread = await this.threadFor(pid, stop);
    // While it was looked for, those who are held may have been released.
    if (thread === null || stop.over || (reason.kind === 'freeze' && this.frozen === null)) {
      const why = thread === null ? 'it is not in the model' : stop.over ? 'it is gone' : 'nobody is held any more';
      log.note('stop', `pid ${pid} goes on: ${why}`);
      stop.goOn({ keep: true });
      return;
    }
    this.threadOf.set(stop, thread.id);
    if (stop.told.reason.kind !== 'pause') this.findings.delete(pid);
    this.stepping.delete(pid);
    if (this.pausing.delete(pid)) this.arm();
    this.waiting.delete(thread.id);
    const queue = this.stops.get(thread.id) ?? [];
    queue.push(stop);
    this.stops.set(thread.id, queue);
    log.note('stop', `pid ${pid} stands as thread ${thread.id}, number ${queue.length} of those of its threads`);
    if (queue.length === 1) this.tell(thread.id, stop);
  }

  private whyNot({ told: { reason } }: Stopped): string {
    if (this.disposed) return 'nothing is stopped at any more';
    if (reason.log !== undefined) return `#${reason.id} only logs`;
    return 'id' in reason
      ? `hit ${this.breakpoints.hitsOf(reason.id)} of #${reason.id} does not count`
      : 'it came late';
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
    if (reason.kind === 'entry') {
      const first = this.entry;
      this.entry = false;
      if (first) this.arm();
      return first;
    }
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
    const { reason, pid } = stop.told;
    this.show(stop);
    const kinds = { line: 'breakpoint', function: 'function breakpoint', filter: 'breakpoint' } as const;
    const known =
      reason.kind === 'entry' ? 'entry' : reason.kind === 'follow' || reason.kind === 'step' ? 'step' : 'pause';
    const isBreakpoint = reason.kind === 'line' || reason.kind === 'function' || reason.kind === 'filter';
    const found = reason.kind === 'pause' ? this.findings.get(pid) : undefined;
    const error = found !== undefined || (reason.kind === 'filter' && errorOf(stop.told) !== null);
    const whole = this.describe(stop);
    this.events.stopped({
      reason: error ? 'exception' : isBreakpoint ? kinds[reason.kind as 'line'] : known,
      ...(this.showsAnew ? { description: stopBadge(stop.told), text: whole } : { description: whole }),
      ...(found === undefined ? {} : { text: findingLines(found.finding)[0] }),
      ...(reason.problem === undefined ? {} : { text: l10n.t('The condition failed: {0}', reason.problem) }),
      threadId,
      allThreadsStopped: false,
      preserveFocusHint: reason.kind === 'freeze',
      ...(isBreakpoint
        ? { hitBreakpointIds: [reason.id] }
        : found === undefined
          ? {}
          : { hitBreakpointIds: [found.id] }),
    });
  }

  /** "Paused on put of tasks" */
  private describe({ told }: Stopped): string {
    return stopText(told, told.name || this.channelOf(told)?.name || '');
  }
  private channelOf({ keys }: Stopped['told']) {
    return keys.map((key) => this.run.session.channelOf(key)).find((each) => each !== null);
  }

  /** In the tree and the panel. */
  private show(stop: Stopped): void {
    const { told } = stop;
    const top = told.frames.find((each) => !each.subtle);
    const { drop, twice, delay } = this.going.get(stop) ?? {};
    const intents: [DeveloperIntent, boolean][] = [
      ['replace', this.edited.has(stop)],
      ['drop', drop === true],
      ['duplicate', twice === true],
      ['delay', (delay ?? 0) > 0],
    ];
    this.run.session.pause(told.pid, {
      line: top ? { file: top.file, line: top.line, function: top.name } : null,
      stop: {
        text: this.describe(stop),
        operation: told.op,
        phase: told.phase,
        channelId: this.channelOf(told)?.id ?? null,
        message: this.edited.get(stop)?.text ?? messageText(told.message),
        bytes: told.message?.size ?? null,
        intents: intents.filter(([, wanted]) => wanted).map(([intent]) => intent),
      },
    });
  }

  /** What a stop that is an error says below its line; null: it is none. */
  errorOf(threadId: number): { readonly id: string; readonly description: string } | null {
    const pid = this.run.threads.find((each) => each.id === threadId)?.pid;
    const found = pid === undefined ? undefined : this.findings.get(pid);
    if (found !== undefined) return { id: found.finding.code, description: findingLines(found.finding).join('\n') };
    const stop = this.stops.get(threadId)?.[0];
    return stop === undefined ? null : errorOf(stop.told);
  }

  /** Leads the editor to a process that is stopped. Answers whether it is. */
  focus(threadId: number): boolean {
    const stop = this.stops.get(threadId)?.[0];
    if (stop === undefined && !this.waiting.has(threadId)) return false;
    if (stop === undefined) this.tellWaiting(threadId, false);
    else this.tell(threadId, stop);
    return true;
  }

  private left(stop: Stopped): void {
    const threadId = this.threadOf.get(stop);
    this.threadOf.delete(stop);
    this.going.delete(stop);
    this.edited.delete(stop);
    if (threadId === undefined) return;
    const queue = this.stops.get(threadId) ?? [];
    const shown = queue[0] === stop;
    const rest = queue.filter((each) => each !== stop);
    if (rest.length > 0) this.stops.set(threadId, rest);
    else this.stops.delete(threadId);
    if (!shown) return;
    this.run.session.pause(stop.told.pid, null);
    this.findings.delete(stop.told.pid);
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
    this.show(stop);
  }

  /** The message that a process stands at became this one. */
  replaced(stop: Stopped, value: Value | undefined): void {
    if (value === undefined) return;
    this.edited.set(stop, value);
    this.show(stop);
  }

  continue(threadId: number): void {
    if (this.waiting.delete(threadId)) {
      const pid = this.run.threads.find((each) => each.id === threadId)?.pid;
      if (pid !== undefined) {
        this.pausing.delete(pid);
        this.findings.delete(pid);
        this.run.session.pause(pid, null);
      }
      this.arm();
      return;
    }
    this.goOn(this.stopOf(threadId), {});
  }

  continueAll(): void {
    this.frozen = null;
    this.pausing.clear();
    for (const threadId of [...this.waiting]) {
      this.continue(threadId);
      this.events.continued(threadId);
    }
    this.arm();
    for (const stop of [...this.stops.values()].flat()) this.goOn(stop, {});
  }

  step(threadId: number, kind: StepKind): void {
    const stop = this.stopOf(threadId);
    const { told } = stop;
    const message = this.edited.get(stop) ?? told.message;
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
    if (thread.status.waits.length === 0) return;
    this.waiting.add(threadId);
    this.tellWaiting(threadId, false);
    this.tellAgain();
  }

  /** A process that waits is shown where it does. */
  private tellWaiting(threadId: number, preserveFocusHint: boolean): void {
    const thread = this.run.threads.find((each) => each.id === threadId);
    const wait = thread?.status.waits[0];
    if (thread === null || wait === undefined) return;
    const found = this.findings.get(thread.pid);
    const text = (this.showsAnew ? waitingBadge : waitingText)(wait, this.run.nowMs);
    this.events.stopped({
      reason: found === undefined ? 'pause' : 'exception',
      description: found === undefined ? text : l10n.t('{0} ({1})', text, found.finding.code),
      ...(found === undefined ? {} : { text: findingLines(found.finding)[0], hitBreakpointIds: [found.id] }),
      threadId,
      allThreadsStopped: false,
      preserveFocusHint,
    });
  }

  /** While a process is shown where it waits, it says for how long. */
  private tellAgain(): void {
    if (this.waiting.size === 0 || !this.showsAnew) {
      if (this.again !== null) clearInterval(this.again);
      this.again = null;
      return;
    }
    this.again ??= setInterval(() => {
      for (const threadId of this.waiting) this.tellWaiting(threadId, true);
    }, AGAIN_MS);
  }

  /** Holds every other process at its next operation, until it is asked again. Answers whether they are held now. */
  freezeOthers(threadId: number): boolean {
    const pid = this.run.threads.find((each) => each.id === threadId)?.pid ?? null;
    if (this.frozen !== null) {
      this.release();
      return false;
    }
    this.frozen = pid;
    this.arm();
    return pid !== null;
  }

  /** Nobody is held any more because another one is stepped. */
  private release(): void {
    this.frozen = null;
    this.arm();
    for (const stop of [...this.stops.values()].flat()) if (stop.told.reason.kind === 'freeze') this.goOn(stop, {});
  }

  private goOn(stop: Stopped, how: GoOn): void {
    stop.goOn({ ...this.going.get(stop), ...how });
  }
}
