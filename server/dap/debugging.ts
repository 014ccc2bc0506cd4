/** The requests about paused processes: what the debugger of the run answers, in the protocol's shape. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Breakpoints } from '../debug/breakpoints';
import { LineDebugger } from '../debug/debugpy/lineDebugger';
import { LineRefs } from '../debug/debugpy/lineRefs';
import { nothingThere, notPaused } from '../debug/errors';
import { messageTree } from '../debug/pauses/messageText';
import { findingLines } from '../debug/pauses/pauseText';
import { PauseDebugger } from '../debug/threads/pauseDebugger';
import type { PauseEvents, StepKind } from '../debug/threads/pauseEvents';
import type { ProcessThread } from '../debug/threads/threadTable';
import { log } from '../engine/log/log';
import type { DapArguments } from '../protocol/dap';
import type { SessionDelta } from '../protocol/stream';
import { breakpointRequests } from './breakpointRequests';
import { notDebugged, notSteppable, onlyAtLines, plansFailed } from './errors';
import { consoleLines, lineEvents } from './lineEvents';
import type { LineLaunch } from './lineLaunch';
import type { OwnHandlers } from './ownRequests';
import { blockedTrace, PausedFrames } from './pausedFrames';
import { PausedValues } from './pausedValues';
import { stoppedBody } from './pauseEvent';
import type { Run } from './run';
import { WaitLabels } from './waitLabels';

type Request = (args: unknown) => unknown;

interface Events {
  send(event: string, body: unknown): void;
}

/** Who pauses a run at lines: we; another debugger; nobody, as it only is watched; null: nobody, for there is no line debugger. */
type LineOwner = LineLaunch | 'other' | 'nobody' | null;

export class DebugRequests {
  private run: Run | null = null;
  private pauses: PauseDebugger | null = null;
  private lines: LineDebugger | null = null;
  private readonly frames = new PausedFrames();
  private readonly values = new PausedValues(
    this.frames,
    () => this.run,
    () => this.require(),
  );
  /** Said once, not at each try. */
  private lastFailure = '';
  private labels: WaitLabels | null = null;
  /** The editor asks for threads and stops again whenever it is told of them, and stays where it is. */
  showsAnew = false;
  /** The program runs without debugging. */
  private watchedOnly = false;
  /** The editor reads values again when it is told that they changed. */
  invalidates = false;

  /** Possible from the start. */
  readonly breakpointRequests: Readonly<Record<string, Request>>;

  constructor(
    private readonly breakpoints: Breakpoints,
    private readonly events: Events,
  ) {
    this.breakpointRequests = breakpointRequests(breakpoints, () => ({ pauses: this.pauses, lines: this.lines }));
  }

  /** Begins to pause the processes of a run. Where that cannot be, it is watched all the same. */
  async attach(run: Run, folder: string, owner: LineOwner, stopOnEntry = false): Promise<void> {
    this.run = run;
    this.watchedOnly = owner === 'nobody';
    this.labels?.dispose();
    this.labels = new WaitLabels(
      run,
      (threadId) => this.isShownPaused(threadId),
      (threadId) => this.renamed(threadId),
    );
    this.breakpoints.owner = owner === null ? 'messages' : typeof owner === 'string' ? owner : 'debugger';
    if (this.watchedOnly) return;
    if (owner !== null && typeof owner !== 'string') {
      const events = lineEvents((event, body) => this.events.send(event, body), owner.installCommand);
      this.lines = await LineDebugger.open(run, folder, this.breakpoints, owner, events);
    }
    try {
      this.pauses = await PauseDebugger.open(run, folder, this.breakpoints, this.pauseEvents(run), {
        holds: owner === 'other',
        stopOnEntry: stopOnEntry && owner === null,
        repeats: this.showsAnew,
      });
    } catch (error) {
      log.swallowed('the program cannot be stopped at messages', error);
      this.pauses = null;
    }
    if (run.isOver) this.detach();
  }

  private pauseEvents(run: Run): PauseEvents {
    const say = (body: unknown): void => this.events.send('output', body);
    return {
      paused: (pause) => this.events.send('stopped', stoppedBody(pause, run.nowMs, this.showsAnew)),
      resumed: (threadId) => {
        this.values.forget(threadId);
        this.events.send('continued', { threadId, allThreadsContinued: false });
      },
      logged: (text, frame) => say(consoleLines([text], frame ?? null)),
      failed: (error) => {
        const text = plansFailed(error);
        if (text === this.lastFailure) return;
        this.lastFailure = text;
        say(consoleLines([text], null));
      },
      found: (finding) => say(consoleLines(findingLines(finding), finding.lines[0]?.line ?? null)),
    };
  }

  /** The editor has sent all its breakpoints. */
  configured(): void {
    this.pauses?.configured();
  }

  /** Every process resumes. */
  detach(): void {
    this.pauses?.dispose();
    this.pauses = null;
    this.lines?.dispose();
    this.lines = null;
    this.labels?.dispose();
    this.frames.clear();
  }

  /** What the views of the session show is new. */
  changed(delta: SessionDelta): void {
    this.pauses?.changed(delta);
    this.labels?.changed();
  }

  /** Re-announces a running thread so that VS Code refreshes its name; unnecessary while it is paused. */
  renamed(threadId: number): void {
    if (this.showsAnew && !this.isShownPaused(threadId)) this.events.send('thread', { reason: 'started', threadId });
  }

  /** What a process is called in the list of threads. */
  label(thread: ProcessThread): string {
    return this.showsAnew && this.labels !== null ? this.labels.label(thread) : thread.name;
  }

  /** Threads beside those of the processes. */
  get extraThreads(): readonly { readonly id: number; readonly name: string }[] {
    return this.lines?.extraThreads ?? [];
  }

  private isShownPaused(threadId: number): boolean {
    const { pauses } = this;
    return this.isAtLine(threadId) || pauses?.isBlocked(threadId) === true || pauses?.isPaused(threadId) === true;
  }

  private isAtLine(threadId: number): boolean {
    return this.lines?.isPaused(threadId) === true;
  }

  /** Possible while the program runs. */
  readonly stopRequests: Readonly<Record<string, Request>> = {
    continue: async (args) => {
      const threadId = threadOf(args);
      if (this.isAtLine(threadId)) await this.lines?.resume('continue', threadId);
      else this.require().resume(threadId);
      return { allThreadsContinued: false };
    },
    next: (args) => this.step(args, 'next'),
    stepIn: (args) => this.step(args, 'in'),
    stepOut: (args) => this.step(args, 'out'),
    pause: (args) => this.pause(threadOf(args)),
    stepInTargets: (args) => this.ofLine('stepInTargets', args) ?? { targets: [] },
    gotoTargets: (args) => this.lines?.gotoTargets(args as Record<string, unknown>) ?? { targets: [] },
    goto: (args) => {
      const { threadId, targetId } = args as DebugProtocol.GotoArguments;
      if (!this.isAtLine(threadId)) throw onlyAtLines();
      return this.lines?.goto(threadId, targetId);
    },
    source: (args) => {
      const { sourceReference } = args as DebugProtocol.SourceArguments;
      if (this.lines === null) throw nothingThere('source', sourceReference);
      return this.lines.source(args as Record<string, unknown>);
    },
    modules: (args) =>
      this.lines?.modules((args ?? {}) as DebugProtocol.ModulesArguments) ?? { modules: [], totalModules: 0 },
    stackTrace: (args) => this.stackTrace(args as DebugProtocol.StackTraceArguments),
    scopes: (args) => this.ofLine('scopes', args) ?? this.values.scopes(args as DebugProtocol.ScopesArguments),
    variables: async (args) =>
      this.ofLine('variables', args) ?? this.values.list(args as DebugProtocol.VariablesArguments),
    setVariable: async (args) =>
      this.ofLine('setVariable', args) ?? this.values.setVariable(args as DebugProtocol.SetVariableArguments),
    setExpression: (args) =>
      this.ofLine('setExpression', args) ?? this.values.assign(args as DebugProtocol.SetExpressionArguments),
    evaluate: (args) => this.ofLine('evaluate', args) ?? this.values.evaluate(args as DebugProtocol.EvaluateArguments),
    completions: (args) => this.ofLine('completions', args) ?? { targets: [] },
    exceptionInfo: (args) => {
      const threadId = threadOf(args);
      if (this.isAtLine(threadId)) return this.lines?.exceptionInfo(threadId);
      const error = this.require().errorOf(threadId);
      if (error === null) throw notPaused();
      return { exceptionId: error.id, description: error.description, breakMode: 'always' };
    },
  };

  /** Those of our own, possible while the program runs. */
  readonly ownRequests: Omit<OwnHandlers, 'session'> = {
    continueAll: async () => {
      await this.lines?.resumeAll();
      this.require().resumeAll();
    },
    freezeOthers: ({ threadId }) => ({ held: this.require().freezeOthers(threadId) }),
    message: async (args) => {
      const { threadId: _thread, processId: _process, value, ...intent } = args;
      const threadId = this.threadFor(args);
      if (value !== undefined) {
        await this.values.replaceMessage(this.require().pausedThread(threadId), value);
        if (this.invalidates) this.events.send('invalidated', { areas: ['variables'], threadId });
      }
      if (Object.keys(intent).length > 0) this.require().intend(threadId, intent);
    },
    payload: (who) => ({ tree: messageTree(this.require().pausedThread(this.threadFor(who)).info.message) }),
    focus: (who) => {
      const threadId = this.threadFor(who);
      return { focused: this.lines?.focus(threadId) === true || this.require().focus(threadId) };
    },
    process: ({ threadId }) => {
      const thread = this.run?.threads.find((each) => each.id === threadId);
      return { sessionId: this.run?.session.id ?? null, processId: thread?.processId ?? null };
    },
  };

  /** By its number or by its process. @throws DebugError where neither is one of a living process */
  private threadFor({ threadId, processId }: DapArguments<'focus'>): number {
    const found = processId === undefined ? threadId : this.run?.threads.ofProcess(processId)?.id;
    if (found === undefined) throw notPaused();
    return found;
  }

  private step(args: unknown, kind: StepKind): unknown {
    const threadId = threadOf(args);
    if (!this.isAtLine(threadId)) return this.require().step(threadId, kind);
    const { targetId } = args as { targetId?: unknown };
    const command = kind === 'in' ? 'stepIn' : kind === 'out' ? 'stepOut' : 'next';
    return this.lines?.resume(command, threadId, targetId);
  }

  /** A blocked process is shown where it is; another one pauses at its next line, or without a line debugger at its next operation. */
  private async pause(threadId: number): Promise<void> {
    const thread = this.run?.threads.find((each) => each.id === threadId);
    if (thread && thread.status.waits.length === 0 && (await this.lines?.pause(thread.pid))) return;
    this.require().pause(threadId);
  }

  /** The answer of a process that is paused at a line, when the frame or the value asked about is one of those; else null. */
  private ofLine(command: string, args: unknown): Promise<unknown> | null {
    const { frameId, variablesReference } = args as { frameId?: unknown; variablesReference?: unknown };
    if (this.lines === null || !(LineRefs.is(frameId) || LineRefs.is(variablesReference))) return null;
    return this.lines.ask(command, args as Record<string, unknown>);
  }

  /** @throws DapError where nothing of this session can be paused */
  private require(): PauseDebugger {
    if (this.pauses === null) throw this.watchedOnly ? notDebugged() : notSteppable();
    return this.pauses;
  }

  private stackTrace(args: DebugProtocol.StackTraceArguments) {
    const { threadId } = args;
    if (this.isAtLine(threadId)) return this.lines?.stackTrace(args);
    const pauses = this.require();
    if (!pauses.isBlocked(threadId)) return this.frames.stackTrace(pauses.pausedThread(threadId), args);
    return blockedTrace(this.run?.threads.find((each) => each.id === threadId)?.status.waits[0]?.line ?? null);
  }
}

/** @throws DebugError where none is given */
function threadOf(args: unknown): number {
  const threadId = (args as { threadId?: unknown } | undefined)?.threadId;
  if (typeof threadId !== 'number') throw notPaused();
  return threadId;
}
