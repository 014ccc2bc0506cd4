/** The requests about breakpoints and stopped processes. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import * as l10n from '@vscode/l10n';
import type { Stopped } from '../debug/pauses/stopped';
import { log } from '../engine/log/log';
import type { DapArguments } from '../protocol/dap';
import { plainLines } from '../protocol/plain';
import type { SessionDelta } from '../protocol/stream';
import { baseName } from '../shared/format';
import type { Breakpoints } from './breakpoints';
import { failedThere, notDebugged, nothingThere, notSteppable, notStopped, onlyAtLines, plansFailed } from './errors';
import { LineRefs } from './lineRefs';
import { Lines, type LinesOptions } from './lines';
import type { OwnHandlers } from './ownRequests';
import type { Run } from './run';
import { type StepKind, Stepping } from './stepping';
import { findingLines } from './stopText';
import type { ProcessThread } from './threads';
import { type Fact, MESSAGE, Variables } from './variables';
import { WaitLabels } from './waitLabels';

type Request = (args: unknown) => unknown;

/** Frames of one stop: its number times this, and the frame's own. */
const FRAMES = 256;

interface Events {
  send(event: string, body: unknown): void;
}

export class DebugRequests {
  private run: Run | null = null;
  private stepping: Stepping | null = null;
  private lines: Lines | null = null;
  private variables = new Variables();
  private readonly numbers = new Map<number, { stop: Stopped; threadId: number }>();
  private last = 0;
  /** Said once, not at each try. */
  private lastFailure = '';
  private labels: WaitLabels | null = null;
  /** The editor asks for threads and stops again whenever it is told of them, and stays where it is. */
  showsAnew = false;
  /** The program runs without debugging. */
  private watchedOnly = false;
  /** The editor reads values again when it is told that they changed. */
  invalidates = false;

  constructor(
    private readonly breakpoints: Breakpoints,
    private readonly events: Events,
  ) {}

  /** Begins to stop the processes of a run. Where that cannot be, it is watched all the same. */
  async attach(
    run: Run,
    folder: string,
    line: LinesOptions | 'other' | 'nobody' | null,
    stopOnEntry = false,
  ): Promise<void> {
    this.run = run;
    this.watchedOnly = line === 'nobody';
    this.labels?.dispose();
    this.labels = new WaitLabels(
      run,
      (threadId) => this.isShownStopped(threadId),
      (threadId) => this.renamed(threadId),
    );
    this.breakpoints.owner = line === null ? 'messages' : typeof line === 'string' ? line : 'debugger';
    if (this.watchedOnly) return;
    if (line !== null && typeof line !== 'string') {
      this.lines = await Lines.open(run, folder, this.breakpoints, line, this.events);
    }
    try {
      this.stepping = await Stepping.open(
        run,
        folder,
        this.breakpoints,
        {
          stopped: (body) => this.events.send('stopped', body),
          continued: (threadId) => {
            this.forget(threadId);
            this.events.send('continued', { threadId, allThreadsContinued: false });
          },
          log: (text, frame) =>
            this.events.send('output', {
              category: 'console',
              output: plainLines([text]),
              ...(frame === undefined ? {} : { source: { path: frame.file }, line: frame.line }),
            }),
          failed: (error) => {
            const text = plansFailed(error);
            if (text === this.lastFailure) return;
            this.lastFailure = text;
            this.events.send('output', { category: 'console', output: plainLines([text]) });
          },
          found: (finding) => {
            const line = finding.lines[0]?.line;
            this.events.send('output', {
              category: 'console',
              output: plainLines(findingLines(finding)),
              ...(line === undefined ? {} : { source: { path: line.file }, line: line.line }),
            });
          },
        },
        { holds: line === 'other', stopOnEntry: stopOnEntry && line === null },
      );
      this.stepping.showsAnew = this.showsAnew;
    } catch (error) {
      log.swallowed('the program cannot be stopped at messages', error);
      this.stepping = null;
    }
    if (run.isOver) this.detach();
  }

  /** The editor has told all its breakpoints. */
  configured(): void {
    this.stepping?.configured();
  }

  /** Everybody goes on. */
  detach(): void {
    this.stepping?.dispose();
    this.stepping = null;
    this.lines?.dispose();
    this.lines = null;
    this.labels?.dispose();
    this.numbers.clear();
  }

  /** What the views of the session show is new. */
  changed(delta: SessionDelta): void {
    this.stepping?.changed(delta);
    this.labels?.changed();
  }

  /** An editor that asks for the names when it is told of a thread does so; that of a stopped one it has read. */
  renamed(threadId: number): void {
    if (this.showsAnew && !this.isShownStopped(threadId)) this.events.send('thread', { reason: 'started', threadId });
  }

  /** What a process is called in the list of threads. */
  label(thread: ProcessThread): string {
    return this.showsAnew && this.labels !== null ? this.labels.label(thread) : thread.name;
  }

  private isShownStopped(threadId: number): boolean {
    const { stepping } = this;
    return (
      this.lines?.isStopped(threadId) === true ||
      stepping?.isWaiting(threadId) === true ||
      stepping?.stoppedThreads.includes(threadId) === true
    );
  }

  /** Possible from the start. */
  readonly breakpointRequests: Readonly<Record<string, Request>> = {
    setBreakpoints: async (args) => {
      const wanted = args as DebugProtocol.SetBreakpointsArguments;
      const breakpoints = this.breakpoints.setLines(wanted);
      this.stepping?.arm();
      const answers = (await this.lines?.setLines(wanted.source.path ?? '')) ?? breakpoints;
      noteUnverified(wanted.source.path ?? '', answers);
      return { breakpoints: answers };
    },
    setFunctionBreakpoints: (args) => {
      const { breakpoints: wanted = [] } = (args ?? {}) as DebugProtocol.SetFunctionBreakpointsArguments;
      const breakpoints = this.breakpoints.setFunctions(wanted);
      this.stepping?.arm();
      noteUnverified('functions', breakpoints);
      return { breakpoints };
    },
    setExceptionBreakpoints: async (args) => {
      const wanted = (args ?? {}) as Partial<DebugProtocol.SetExceptionBreakpointsArguments>;
      const breakpoints = this.breakpoints.setFilters({ filters: [], ...wanted });
      this.stepping?.arm();
      noteUnverified('filters', breakpoints);
      await this.lines?.setExceptions();
      return { breakpoints };
    },
  };

  /** Possible while the program runs. */
  readonly stopRequests: Readonly<Record<string, Request>> = {
    continue: async (args) => {
      if (this.lines?.isStopped(threadOf(args))) await this.lines.resume('continue', threadOf(args));
      else this.must().continue(threadOf(args));
      return { allThreadsContinued: false };
    },
    next: (args) => this.step(args, 'next'),
    stepIn: (args) => this.step(args, 'in'),
    stepInTargets: (args) => this.ofLine('stepInTargets', args) ?? { targets: [] },
    gotoTargets: (args) => this.lines?.gotoTargets(args as Record<string, unknown>) ?? { targets: [] },
    goto: (args) => {
      const { threadId, targetId } = args as DebugProtocol.GotoArguments;
      if (this.lines?.isStopped(threadId) !== true) throw onlyAtLines();
      return this.lines.goto(threadId, targetId);
    },
    source: (args) => {
      if (this.lines === null)
        throw nothingThere('source', Number((args as { sourceReference: unknown }).sourceReference));
      return this.lines.source(args as Record<string, unknown>);
    },
    modules: (args) =>
      this.lines?.modules((args ?? {}) as DebugProtocol.ModulesArguments) ?? { modules: [], totalModules: 0 },
    stepOut: (args) => this.step(args, 'out'),
    pause: (args) => this.pause(threadOf(args)),
    stackTrace: (args) => this.stackTrace(args as DebugProtocol.StackTraceArguments),
    scopes: (args) => this.ofLine('scopes', args) ?? this.scopes((args as DebugProtocol.ScopesArguments).frameId),
    variables: async (args) =>
      this.ofLine('variables', args) ?? {
        variables: await there(this.variables.list((args as DebugProtocol.VariablesArguments).variablesReference)),
      },
    setVariable: async (args) => {
      const atLine = this.ofLine('setVariable', args);
      if (atLine !== null) return atLine;
      const { variablesReference, name, value } = args as DebugProtocol.SetVariableArguments;
      return there(
        this.variables.set(variablesReference, name, value, (stop) =>
          this.must().replaced(stop, this.variables.editOf(stop)),
        ),
      );
    },
    setExpression: (args) =>
      this.ofLine('setExpression', args) ?? this.assign(args as DebugProtocol.SetExpressionArguments),
    evaluate: (args) => this.ofLine('evaluate', args) ?? this.evaluate(args as DebugProtocol.EvaluateArguments),
    completions: (args) => this.ofLine('completions', args) ?? { targets: [] },
    exceptionInfo: (args) => {
      const threadId = threadOf(args);
      if (this.lines?.isStopped(threadId)) return this.lines.exceptionInfo(threadId);
      const error = this.must().errorOf(threadId);
      if (error === null) throw notStopped();
      return { exceptionId: error.id, description: error.description, breakMode: 'always' };
    },
  };

  /** Those of our own, possible while the program runs. */
  readonly ownRequests: Omit<OwnHandlers, 'session'> = {
    continueAll: async () => {
      await this.lines?.continueAll();
      this.must().continueAll();
    },
    freezeOthers: ({ threadId }) => ({ held: this.must().freezeOthers(threadId) }),
    message: async (args) => {
      const { threadId: _thread, processId: _process, value, ...how } = args;
      const threadId = this.threadFor(args);
      if (value !== undefined) {
        await this.replace(this.must().stopOf(threadId), value, 0);
        if (this.invalidates) this.events.send('invalidated', { areas: ['variables'], threadId });
      }
      if (Object.keys(how).length > 0) this.must().intend(threadId, how);
    },
    payload: (who) => ({ tree: this.variables.payload(this.must().stopOf(this.threadFor(who))) }),
    focus: async (who) => {
      const threadId = this.threadFor(who);
      return { focused: (await this.lines?.focus(threadId)) === true || this.must().focus(threadId) };
    },
    process: ({ threadId }) => {
      const thread = this.run?.threads.find((each) => each.id === threadId);
      return { sessionId: this.run?.session.id ?? null, processId: thread?.processId ?? null };
    },
  };

  /** By its number or by its process. @throws DapError where neither is one of a living process */
  private threadFor({ threadId, processId }: DapArguments<'focus'>): number {
    const found = processId === undefined ? threadId : this.run?.threads.ofProcess(processId)?.id;
    if (found === undefined) throw notStopped();
    return found;
  }

  private async replace(stop: Stopped, expression: string, frame: number): Promise<string> {
    const { value } = await there(this.variables.replace(stop, expression, frame));
    this.must().replaced(stop, this.variables.editOf(stop));
    return value;
  }

  private step(args: unknown, kind: StepKind): unknown {
    const threadId = threadOf(args);
    if (this.lines?.isStopped(threadId)) {
      const { targetId } = args as { targetId?: unknown };
      return this.lines.resume(kind === 'in' ? 'stepIn' : kind === 'out' ? 'stepOut' : 'next', threadId, targetId);
    }
    return this.must().step(threadId, kind);
  }

  /** A process that waits is shown where it does; another one stops at its next line, or without a line debugger at its next operation. */
  private async pause(threadId: number): Promise<void> {
    const thread = this.run?.threads.find((each) => each.id === threadId);
    if (thread && thread.status.waits.length === 0 && (await this.lines?.pause(thread.pid))) return;
    this.must().pause(threadId);
  }

  /** The answer of a process that stands at a line, when the frame or the value asked about is one of those; else null. */
  private ofLine(command: string, args: unknown): Promise<unknown> | null {
    const { frameId, variablesReference } = args as { frameId?: unknown; variablesReference?: unknown };
    if (this.lines === null || !(LineRefs.is(frameId) || LineRefs.is(variablesReference))) return null;
    return this.lines.ask(command, args as Record<string, unknown>);
  }

  /** Threads beside those of the processes. */
  get extraThreads(): readonly { readonly id: number; readonly name: string }[] {
    return this.lines?.extraThreads ?? [];
  }

  private must(): Stepping {
    if (this.stepping === null) throw this.watchedOnly ? notDebugged() : notSteppable();
    return this.stepping;
  }

  private forget(threadId: number): void {
    for (const [number, known] of this.numbers) {
      if (known.threadId === threadId) {
        this.variables.forget(known.stop);
        this.numbers.delete(number);
      }
    }
  }

  private stackTrace(args: DebugProtocol.StackTraceArguments) {
    const { threadId, startFrame = 0, levels } = args;
    if (this.lines?.isStopped(threadId)) return this.lines.stackTrace(args);
    const stepping = this.must();
    if (stepping.isWaiting(threadId)) return this.waitingTrace(threadId);
    const stop = stepping.stopOf(threadId);
    const number = this.numberOf(stop, threadId);
    const all = stop.told.frames.map(
      (frame, index): DebugProtocol.StackFrame => ({
        id: number * FRAMES + index,
        name: frame.name,
        line: frame.line,
        column: 1,
        source: {
          name: baseName(frame.file),
          ...(frame.file.startsWith('<') ? {} : { path: frame.file }),
          presentationHint: frame.subtle ? 'deemphasize' : 'normal',
        },
        presentationHint: frame.subtle ? 'subtle' : 'normal',
      }),
    );
    return { stackFrames: all.slice(startFrame, startFrame + (levels || all.length)), totalFrames: all.length };
  }

  /** A process that waits is not asked anything: only where it waits is known. */
  private waitingTrace(threadId: number) {
    const wait = this.run?.threads.find((each) => each.id === threadId)?.status.waits[0];
    const line = wait?.line;
    if (!line) return { stackFrames: [], totalFrames: 0 };
    const source = { name: baseName(line.file), path: line.file };
    const frame = { id: 0, name: line.function, line: line.line, column: 1, source };
    return { stackFrames: [frame], totalFrames: 1 };
  }

  private numberOf(stop: Stopped, threadId: number): number {
    for (const [number, known] of this.numbers) if (known.stop === stop) return number;
    this.last += 1;
    this.numbers.set(this.last, { stop, threadId });
    return this.last;
  }

  private frame(frameId: number): { stop: Stopped; frame: number; threadId: number } {
    const known = this.numbers.get(Math.floor(frameId / FRAMES));
    if (known === undefined) throw frameId === 0 ? notStopped() : nothingThere('frame', frameId);
    return { ...known, frame: frameId % FRAMES };
  }

  private scopes(frameId: number) {
    if (frameId === 0) return { scopes: [] }; // of a process that waits
    const { stop, frame } = this.frame(frameId);
    return { scopes: this.variables.scopes(stop, frame, this.messageFacts(stop), this.channelFacts(stop)) };
  }

  private messageFacts({ told }: Stopped): Fact[] | null {
    if (told.message === null) return null;
    const facts: Fact[] = [];
    if (told.message.size !== undefined) facts.push({ name: l10n.t('bytes'), value: String(told.message.size) });
    facts.push({ name: l10n.t('operation'), value: told.op });
    const process = this.run?.threads.find((each) => each.pid === told.pid);
    if (process) facts.push({ name: told.phase === 'before' ? l10n.t('from') : l10n.t('to'), value: process.name });
    return facts;
  }

  private channelFacts({ told }: Stopped): Fact[] | null {
    const session = this.run?.session;
    const known = told.keys.map((key) => session?.channelOf(key)).find((each) => each);
    if (session === undefined || !known) return null;
    const { channels = [], channelStatus = [], processes = [], processStatus = [] } = session.snapshot();
    const meta = channels.find((each) => each.id === known.id);
    const status = channelStatus.find((each) => each.id === known.id);
    if (meta === undefined || status === undefined) return null;
    const name = (id: string): string => processes.find((each) => each.id === id)?.name ?? id;
    const users = (mode: 'r' | 'w'): string =>
      [
        ...new Set(
          status.endpoints.filter((each) => each.open && each.mode.includes(mode)).map((each) => name(each.processId)),
        ),
      ].join(', ');
    const waiting = processStatus.filter((each) => each.waits.some((wait) => wait.channelId === known.id));
    return [
      { name: l10n.t('name'), value: `${meta.name} (${meta.kind})` },
      { name: l10n.t('depth'), value: String(status.depth) },
      { name: l10n.t('capacity'), value: meta.capacity > 0 ? String(meta.capacity) : l10n.t('unbounded') },
      { name: l10n.t('writers'), value: users('w') },
      { name: l10n.t('readers'), value: users('r') },
      {
        name: l10n.t('waiting'),
        value: waiting.map((each) => name(each.id)).join(', ') || l10n.t('nobody'),
      },
    ];
  }

  private async evaluate({ expression, frameId, context }: DebugProtocol.EvaluateArguments) {
    if (frameId === undefined || frameId === 0) throw notStopped();
    const { stop, frame, threadId } = this.frame(frameId);
    if (context === 'repl') {
      const said = await this.command(expression.trim(), threadId, stop, frame);
      if (said !== null) return { result: said, variablesReference: 0 };
    }
    const { value, type, variablesReference } = await there(this.variables.evaluate(stop, expression, frame));
    return { result: value, type, variablesReference };
  }

  /** In a process that stands at a message: of what can be assigned to, and of the message itself. */
  private async assign({ expression, value, frameId }: DebugProtocol.SetExpressionArguments) {
    if (frameId === undefined || frameId === 0) throw notStopped();
    const { stop, frame } = this.frame(frameId);
    if (expression.trim() === MESSAGE && stop.told.message !== null) {
      const row = await there(this.variables.replace(stop, value, frame));
      this.must().replaced(stop, this.variables.editOf(stop));
      return row;
    }
    return there(this.variables.assign(stop, expression, value, frame));
  }

  /** What is done to a message from the debug console; null when it is Python. */
  private async command(text: string, threadId: number, stop: Stopped, frame: number): Promise<string | null> {
    const found = /^\.(drop|twice|keep|delay|replace|help)\b\s*([\s\S]*)$/.exec(text);
    if (found === null) return null;
    const [, word, rest = ''] = found;
    const stepping = this.must();
    if (word === 'help')
      return l10n.t(
        '.drop  .twice  .delay SECONDS  .replace EXPRESSION  .keep (as it was). Everything else is Python.',
      );
    if (stop.told.message === null) throw failedThere(l10n.t('There is no message here.'));
    if (word === 'drop') stepping.intend(threadId, { drop: true });
    else if (word === 'twice') stepping.intend(threadId, { twice: true });
    else if (word === 'keep') stepping.intend(threadId, { drop: false, twice: false, delay: 0 });
    else if (word === 'delay') {
      const seconds = Number(rest);
      if (!(seconds >= 0 && seconds <= 3600)) throw failedThere(l10n.t('Write the seconds: .delay 2'));
      stepping.intend(threadId, { delay: seconds });
    } else return this.replace(stop, rest, frame);
    return l10n.t('Done when the process goes on.');
  }
}

function threadOf(args: unknown): number {
  const threadId = (args as { threadId?: unknown } | undefined)?.threadId;
  if (typeof threadId !== 'number') throw notStopped();
  return threadId;
}

/** What the stopped process said, or its error as an error response. */
async function there<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw failedThere(error);
  }
}

/** @param where a file, or what kind they are */
function noteUnverified(where: string, answers: readonly DebugProtocol.Breakpoint[]): void {
  for (const { id, line, verified, message = 'no reason is known' } of answers)
    if (!verified)
      log.note(
        'breakpoint',
        () => `#${id} in ${where}${line === undefined ? '' : `:${line}`} is not verified: ${message}`,
      );
}
