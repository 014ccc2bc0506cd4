/**
 * Pausing the processes of one run at their operations, and resuming them. A process is a thread of the debugger (`ThreadController`); when
 * several of its own threads pause, they are shown one after the other.
 */
import { log } from '../../engine/log/log';
import type { SessionDelta } from '../../protocol/stream';
import type { Finding } from '../../protocol/views';
import type { Breakpoints } from '../breakpoints';
import { notPaused } from '../errors';
import { PauseListener } from '../pauses/listener';
import { channelOf, pausedAt } from '../pauses/pausedAt';
import { type MessageIntent, type PausedThread, reportText } from '../pauses/pausedThread';
import { errorOf, findingLines } from '../pauses/pauseText';
import { type DebuggedRun, threadOfPid } from '../run';
import type { PauseEvents, PauseOptions, StepKind } from './pauseEvents';
import { PausePlan } from './pausePlan';
import { ThreadController } from './threadController';

/** Interval between reports of how long a blocked thread has been blocked, ms. */
const REPEAT_MS = 1000;

export class PauseDebugger {
  /** By the thread's number: the threads that were asked to pause, or have paused. */
  private readonly controllers = new Map<number, ThreadController>();
  private readonly seenFindings = new Set<string>();
  private readonly disposal = new AbortController();
  private repeating: NodeJS.Timeout | null = null;

  private constructor(
    private readonly run: DebuggedRun,
    private readonly breakpoints: Breakpoints,
    private readonly events: PauseEvents,
    private readonly listener: PauseListener,
    private readonly plan: PausePlan,
    private readonly repeats: boolean,
  ) {}

  /** Rejects where no socket can be opened, or the session was not prepared for it. */
  static async open(
    run: DebuggedRun,
    folder: string,
    breakpoints: Breakpoints,
    events: PauseEvents,
    options: PauseOptions,
  ): Promise<PauseDebugger> {
    const listener = await PauseListener.open({
      paused: (thread) => {
        // Where it cannot be shown, it must not stay paused either.
        self.paused(thread).catch((error: unknown) => {
          thread.resume({ keep: true });
          events.failed(error);
        });
      },
      left: (thread) => self.left(thread),
    });
    const threads = (): readonly ThreadController[] => [...self.controllers.values()];
    const plan = new PausePlan(folder, listener, run, breakpoints, threads, (error) => events.failed(error), options);
    const self: PauseDebugger = new PauseDebugger(run, breakpoints, events, listener, plan, options.repeats);
    try {
      plan.write();
    } catch (error) {
      self.dispose();
      throw error;
    }
    return self;
  }

  /** Nothing is paused at any more, and every process resumes, with its message as it was. */
  dispose(): void {
    if (this.isDisposed) return;
    this.disposal.abort();
    if (this.repeating !== null) clearInterval(this.repeating);
    this.plan.revoke();
    for (const thread of this.allPaused) {
      thread.intent = {};
      thread.resume();
    }
    this.listener.dispose();
  }

  /** All breakpoints are known: processes that wait for them resume. */
  configured(): void {
    this.plan.configured();
  }

  /** The breakpoints changed. */
  breakpointsChanged(): void {
    this.publish();
  }

  /** What the views of the session show is new. */
  changed(delta: SessionDelta): void {
    if (this.isDisposed) return;
    if (delta.channels !== undefined && this.breakpoints.hasFunctions) this.publish();
    const { frozen } = this.plan;
    if (frozen !== null && this.run.threads.find((each) => each.pid === frozen) === null) this.release();
    for (const controller of [...this.controllers.values()]) this.follow(controller);
    this.repeatWaits();
    for (const finding of delta.findings ?? []) this.raised(finding);
  }

  /** A blocked thread that goes on pauses at its next operation; one whose process ended is forgotten. */
  private follow(controller: ThreadController): void {
    const thread = this.run.threads.find((each) => each.id === controller.id);
    if (controller.isBlocked && (thread === null || thread.status.waits.length === 0)) {
      controller.apply({ type: 'unblocked' });
      this.events.resumed(controller.id);
    }
    if (thread !== null) return;
    const wasWanted = controller.isToPause || controller.isStepping;
    controller.apply({ type: 'exited' });
    if (controller.state.kind !== 'exited') return;
    this.controllers.delete(controller.id);
    if (wasWanted) this.publish();
  }

  /** Pauses the processes that a new finding is about, where it is one to stop at. */
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
      if (thread === null) continue;
      const controller = this.controllerOf(thread);
      if (controller.shown !== null || controller.isBlocked) continue;
      controller.finding = { finding, id };
      this.pause(thread.id);
    }
  }

  // ── what processes do

  private async paused(thread: PausedThread): Promise<void> {
    const { info } = thread;
    const { reason, pid } = info;
    log.note('stop', () => reportText(info));
    if (this.isDisposed || !this.plan.admits(info)) {
      log.note(
        'stop',
        () => `pid ${pid} goes on: ${this.isDisposed ? 'nothing is stopped at any more' : this.plan.whyNot(info)}`,
      );
      if (reason.log !== undefined && !this.isDisposed) this.events.logged(reason.log, info.frames[0]);
      thread.resume({ keep: true });
      return;
    }
    const row = await threadOfPid(this.run, pid, AbortSignal.any([thread.over, this.disposal.signal]));
    // While it was looked for, the suspended processes may have been released.
    if (row === null || thread.isOver || (reason.kind === 'freeze' && this.plan.frozen === null)) {
      const why =
        row === null ? 'it is not in the model' : thread.isOver ? 'it is gone' : 'no process is suspended any more';
      log.note('stop', `pid ${pid} goes on: ${why}`);
      thread.resume({ keep: true });
      return;
    }
    const controller = this.controllerOf(row);
    const wasToPause = controller.isToPause;
    if (reason.kind !== 'pause') controller.finding = null;
    controller.apply({ type: 'paused', thread });
    if (wasToPause) this.publish();
    log.note(
      'stop',
      `pid ${pid} is paused as thread ${row.id}, number ${controller.paused.length} of those of its threads`,
    );
    if (controller.shown === thread) this.tell(controller, thread);
  }

  private left(thread: PausedThread): void {
    const controller = [...this.controllers.values()].find((each) => each.paused.includes(thread));
    if (controller === undefined) return;
    const wasShown = controller.shown === thread;
    controller.apply({ type: 'left', thread });
    if (!wasShown) return;
    this.run.session.pause(thread.info.pid, null);
    controller.finding = null;
    if (this.isDisposed) return;
    this.events.resumed(controller.id);
    if (controller.shown !== null) this.tell(controller, controller.shown);
  }

  private tell(controller: ThreadController, thread: PausedThread): void {
    const { info } = thread;
    this.show(thread);
    this.events.paused({
      threadId: controller.id,
      at: { info, name: info.name || (channelOf(this.run.session, info)?.name ?? '') },
      finding: info.reason.kind === 'pause' ? controller.finding : null,
      isQuiet: info.reason.kind === 'freeze',
    });
  }

  /** In the views of the session. */
  private show(thread: PausedThread): void {
    this.run.session.pause(thread.info.pid, pausedAt(this.run.session, thread));
  }

  // ── what the user wants

  /** What a thread is paused at. @throws DebugError where it is not */
  pausedThread(threadId: number): PausedThread {
    const shown = this.controllers.get(threadId)?.shown ?? null;
    if (shown === null) throw notPaused();
    return shown;
  }

  /** It is shown as paused where it is blocked. */
  isBlocked(threadId: number): boolean {
    return this.controllers.get(threadId)?.isBlocked === true;
  }

  /** It is paused at an operation. */
  isPaused(threadId: number): boolean {
    return (this.controllers.get(threadId)?.shown ?? null) !== null;
  }

  /** What a pause that is an error says below its line; null: it is none. */
  errorOf(threadId: number): { readonly id: string; readonly description: string } | null {
    const controller = this.controllers.get(threadId);
    const found = controller?.finding?.finding;
    if (found !== undefined) return { id: found.code, description: findingLines(found).join('\n') };
    const shown = controller?.shown ?? null;
    return shown === null ? null : errorOf(shown.info);
  }

  /** Leads the user to a thread that is paused. @returns whether it is */
  focus(threadId: number): boolean {
    const controller = this.controllers.get(threadId);
    if (controller === undefined || (controller.shown === null && !controller.isBlocked)) return false;
    if (controller.shown === null) this.tellBlocked(controller, false);
    else this.tell(controller, controller.shown);
    return true;
  }

  /** What happens to the message when its thread resumes. @throws DebugError */
  intend(threadId: number, intent: MessageIntent): void {
    const thread = this.pausedThread(threadId);
    thread.intent = { ...thread.intent, ...intent };
    this.show(thread);
  }

  /** The message that a thread is paused at became another one. */
  edited(thread: PausedThread): void {
    this.show(thread);
  }

  /** @throws DebugError */
  resume(threadId: number): void {
    const controller = this.controllers.get(threadId);
    if (controller?.isBlocked) this.unblock(controller);
    else this.pausedThread(threadId).resume();
  }

  private unblock(controller: ThreadController): void {
    controller.apply({ type: 'pauseRevoked' });
    controller.finding = null;
    this.run.session.pause(controller.pid, null);
    this.publish();
  }

  resumeAll(): void {
    this.plan.frozen = null;
    for (const controller of this.controllers.values()) {
      if (controller.isBlocked) {
        this.unblock(controller);
        this.events.resumed(controller.id);
      } else controller.apply({ type: 'pauseRevoked' });
    }
    this.publish();
    for (const thread of this.allPaused) thread.resume();
  }

  /** @throws DebugError */
  step(threadId: number, kind: StepKind): void {
    const thread = this.pausedThread(threadId);
    const { info, edited, intent } = thread;
    const { size, hash } = edited ?? info.message ?? {};
    if (kind === 'in' && info.phase === 'before' && hash !== undefined && size !== undefined && !intent.drop) {
      const keys = info.keys.flatMap((key) => this.run.session.channelOf(key)?.keys ?? [key]);
      this.plan.follow({ size, hash }, keys);
      thread.resume();
      return;
    }
    const how = kind === 'out' ? 'out' : 'next';
    this.controllers.get(threadId)?.apply({ type: 'stepRequested', how });
    this.publish();
    thread.resume({ step: how });
  }

  /** Pauses a thread at its next operation; one that is blocked is shown at once where it is. @throws DebugError */
  pause(threadId: number): void {
    const thread = this.run.threads.find((each) => each.id === threadId);
    if (thread === null) throw notPaused();
    const controller = this.controllerOf(thread);
    if (controller.shown !== null || controller.isBlocked) return;
    controller.apply({ type: 'pauseRequested', isBlocked: thread.status.waits.length > 0 });
    this.publish();
    if (!controller.isBlocked) return;
    this.tellBlocked(controller, false);
    this.repeatWaits();
  }

  private tellBlocked({ id, finding }: ThreadController, isQuiet: boolean): void {
    const wait = this.run.threads.find((each) => each.id === id)?.status.waits[0];
    if (wait !== undefined) this.events.paused({ threadId: id, at: wait, finding, isQuiet });
  }

  /** While a thread is shown where it is blocked, it says for how long. */
  private repeatWaits(): void {
    const blocked = [...this.controllers.values()].some((each) => each.isBlocked);
    if (!blocked || !this.repeats) {
      if (this.repeating !== null) clearInterval(this.repeating);
      this.repeating = null;
      return;
    }
    this.repeating ??= setInterval(() => {
      for (const controller of this.controllers.values()) if (controller.isBlocked) this.tellBlocked(controller, true);
    }, REPEAT_MS);
  }

  /** Suspends every other process at its next operation, until it is asked again. @returns whether they are suspended now */
  freezeOthers(threadId: number): boolean {
    if (this.plan.frozen !== null) {
      this.release();
      return false;
    }
    this.plan.frozen = this.run.threads.find((each) => each.id === threadId)?.pid ?? null;
    this.publish();
    return this.plan.frozen !== null;
  }

  /** Resumes the processes that are suspended only because another one is stepped. */
  private release(): void {
    this.plan.frozen = null;
    this.publish();
    for (const thread of this.allPaused) if (thread.info.reason.kind === 'freeze') thread.resume();
  }

  private get isDisposed(): boolean {
    return this.disposal.signal.aborted;
  }

  private get allPaused(): PausedThread[] {
    return [...this.controllers.values()].flatMap((each) => each.paused);
  }

  private publish(): void {
    if (!this.isDisposed) this.plan.publish();
  }

  private controllerOf({ id, pid }: { readonly id: number; readonly pid: number }): ThreadController {
    let controller = this.controllers.get(id);
    if (controller === undefined) {
      controller = new ThreadController(id, pid);
      this.controllers.set(id, controller);
    }
    return controller;
  }
}
