/**
 * Line debugging of a whole run: each process has a line debugger (debugpy) of its own, and the user sees them as one.
 * A process is a thread of the debug session; while it is paused, its further Python threads are shown beside it.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { log, pythonErrorName } from '../../engine/log/log';
import type { RuntimeEvents } from '../../protocol/dap';
import type { SourceLine } from '../../protocol/views';
import type { BreakpointAnswer, Breakpoints } from '../breakpoints';
import { answerOf, notPaused, refused } from '../errors';
import { type DebuggedRun, threadOfPid } from '../run';
import type { ProcessThread } from '../threads/threadTable';
import type { LineConnection } from './connection';
import type { LineEvents, LineOptions, Place } from './lineEvents';
import { LineOutput } from './lineOutput';
import { type DebugpyStop, LineProcess } from './lineProcess';
import { type Body, LineRequests } from './lineRequests';
import { type JoiningProcess, LineListener } from './listener';

/** Numbers of threads beside the main ones: above those of processes. */
const FIRST_EXTRA = 2 ** 20;

const CONDITION = 'forkscopeCondition' satisfies keyof RuntimeEvents;
const LOG = 'forkscopeLog' satisfies keyof RuntimeEvents;

interface PausedLineThread {
  readonly process: LineProcess;
  /** debugpy's number. */
  readonly theirs: number;
}

export class LineDebugger {
  private readonly joined = new Set<LineProcess>();
  private readonly requests: LineRequests;
  private readonly output: LineOutput;
  /** The next process that joins is the main one, and pauses before its first line. */
  private entry: boolean;
  /** Breakpoints whose condition failed, with that condition. */
  private readonly failed = new Set<string>();
  private readonly extraNames = new Map<number, string>();
  private lastExtra = FIRST_EXTRA;
  private listener: LineListener | null = null;
  private readonly disposal = new AbortController();

  private constructor(
    private readonly run: DebuggedRun,
    private readonly breakpoints: Breakpoints,
    private readonly options: LineOptions,
    private readonly events: LineEvents,
  ) {
    this.requests = new LineRequests(options.runtime);
    this.output = new LineOutput(options.captured);
    this.entry = options.stopOnEntry;
  }

  /** From now on each process of the run that starts reports here. Rejects where nothing can listen. */
  static async open(
    run: DebuggedRun,
    folder: string,
    breakpoints: Breakpoints,
    options: LineOptions,
    events: LineEvents,
  ): Promise<LineDebugger> {
    const self = new LineDebugger(run, breakpoints, options, events);
    self.listener = await LineListener.open(folder, options.debugpy, (process) => void self.join(process));
    return self;
  }

  /** Every process resumes, without a line debugger. */
  dispose(): void {
    if (this.isDisposed) return;
    this.disposal.abort();
    this.listener?.dispose();
    for (const each of this.joined) each.connection.close();
    this.joined.clear();
  }

  // ── what processes do

  private async join({ pid, connection }: JoiningProcess): Promise<void> {
    const process = new LineProcess(pid, connection, this.breakpoints);
    this.joined.add(process);
    this.output.joined(pid);
    const stopOnEntry = this.entry;
    this.entry = false;
    connection.listen({
      event: (name, body) => this.heard(process, name, body),
      closed: () => this.left(process),
    });
    const { files } = this.breakpoints;
    log.note('line debugger', () => `pid ${pid} joined; files with breakpoints: ${files.join(', ') || 'none'}`);
    try {
      await process.configure(this.options, stopOnEntry, (answers) => this.learn(answers));
      log.note('line debugger', `pid ${pid} is debugged by line`);
    } catch (error) {
      log.swallowed(`pid ${pid} is not debugged by line`, error);
      if (connection.closed || this.isDisposed) return; // it is gone before it began
      // A debugger that refuses must not hold the process, which waits for it.
      connection.close();
      this.events.refused(pid, error instanceof Error ? error.message : String(error));
    }
  }

  private async heard(process: LineProcess, name: string, body: Body): Promise<void> {
    if (this.isDisposed) return;
    if (name === 'stopped') await this.paused(process, body as unknown as DebugpyStop);
    else if (name === 'continued') this.resumed(process);
    else if (name === CONDITION) this.conditionFailed(process, body as unknown as RuntimeEvents[typeof CONDITION]);
    else if (name === LOG) this.logged(process, body as unknown as RuntimeEvents[typeof LOG]);
    else if (
      name === 'output' &&
      body['category'] !== 'telemetry' &&
      !this.output.isShown(process.pid, body['category'])
    )
      this.events.programOutput(body);
  }

  private conditionFailed(process: LineProcess, body: RuntimeEvents[typeof CONDITION]): void {
    const id = process.breakpointOf(Number(body.breakpoint));
    const condition = String(body.condition);
    const error = String(body.error);
    const key = `${id} ${condition}`;
    if (this.failed.has(key)) return;
    this.failed.add(key);
    log.note('stop', () => `the condition of #${id} failed in pid ${process.pid}: ${pythonErrorName(error)}`);
    const name = this.run.threads.find((each) => each.pid === process.pid)?.name ?? `pid ${process.pid}`;
    this.events.conditionFailed(condition, error, name, this.placeOf(id));
  }

  /** Sent by the runtime, for debugpy's own is as if the program had printed it. */
  private logged(process: LineProcess, body: RuntimeEvents[typeof LOG]): void {
    this.events.logged(String(body.text), this.placeOf(process.breakpointOf(Number(body.breakpoint))));
  }

  private placeOf(breakpoint: number | undefined): Place | null {
    return this.breakpoints.placeOf(breakpoint);
  }

  private async paused(process: LineProcess, stop: DebugpyStop): Promise<void> {
    const { connection, pid } = process;
    const [row, threads] = await Promise.all([this.rowOf(process), process.threads()]);
    if (row === null || threads === undefined) {
      log.note('stop', `pid ${pid} goes on: it is not in the model`);
      await connection.request('continue', { threadId: stop.threadId });
      return;
    }
    const main = threads.find((each) => each.name === 'MainThread') ?? threads[0];
    const paused = new Map<number, number>();
    process.paused(paused);
    let at = row.id;
    for (const each of threads) {
      const id = each === main ? row.id : this.extraFor(process, each.id, `${row.name}: ${each.name}`);
      paused.set(id, each.id);
      if (each.id === stop.threadId) at = id;
      if (each !== main) this.events.threadStarted(id);
    }
    const top = await this.topOf(connection, stop.threadId ?? 0);
    this.run.session.pause(pid, { line: top });
    const { reason, description, text } = stop;
    const breakpoints = process.hits(stop, top);
    log.note('stop', () => {
      const hit = breakpoints.map((each) => ` #${each}`).join('');
      return `pid ${pid} stops by ${reason}${hit} at ${top === null ? '?' : `${top.file}:${top.line}`}, as thread ${at}`;
    });
    this.events.paused({ threadId: at, reason, description, text, breakpoints });
    for (const id of paused.keys()) if (id !== at) this.events.pausedWith(id);
  }

  private async topOf(connection: LineConnection, threadId: number): Promise<SourceLine | null> {
    const frame = (await this.requests.frames(connection, threadId)).find((each) => each.source?.path !== undefined);
    return frame === undefined
      ? null
      : { file: frame.source?.path ?? '', line: frame.line, function: frame.name.split('.').at(-1) ?? frame.name };
  }

  private extraFor(process: LineProcess, theirs: number, name: string): number {
    const id = process.extraId(theirs, () => {
      this.lastExtra += 1;
      return this.lastExtra;
    });
    this.extraNames.set(id, name);
    return id;
  }

  private async rowOf({ pid, connection }: LineProcess): Promise<ProcessThread | null> {
    const known = this.run.threads.find((each) => each.pid === pid);
    return known ?? threadOfPid(this.run, pid, AbortSignal.any([connection.gone, this.disposal.signal]));
  }

  private resumed(process: LineProcess): void {
    const threads = process.resumed();
    if (threads === null) return;
    this.requests.forget(process.connection);
    this.run.session.pause(process.pid, null);
    for (const id of threads) {
      this.events.resumed(id);
      if (this.extraNames.delete(id)) this.events.threadExited(id);
    }
  }

  private left(process: LineProcess): void {
    this.joined.delete(process);
    log.note('line debugger', `pid ${process.pid} left`);
    if (!this.isDisposed) this.resumed(process);
  }

  // ── what the user wants

  /** Threads of paused processes beside their main ones. */
  get extraThreads(): readonly { readonly id: number; readonly name: string }[] {
    return [...this.extraNames].map(([id, name]) => ({ id, name }));
  }

  /** True where a thread is paused at a line. */
  isPaused(threadId: number): boolean {
    return this.find(threadId) !== null;
  }

  private find(threadId: number): PausedLineThread | null {
    for (const process of this.joined) {
      const theirs = process.pausedId(threadId);
      if (theirs !== undefined) return { process, theirs };
    }
    return null;
  }

  /** Leads the user to a thread that is paused at a line. @returns whether it is */
  focus(threadId: number): boolean {
    if (this.find(threadId) === null) return false;
    this.events.paused({ threadId, reason: 'pause', breakpoints: [] });
    return true;
  }

  /** Sends the breakpoints of one file to every process; what the first one that knows says of them, else null. */
  async setLines(file: string): Promise<readonly BreakpointAnswer[] | null> {
    const all = [...this.joined].map(async (each) => this.learn(await each.setLines(file)));
    for (const each of all) {
      const answers = await each;
      if (answers !== null) return answers;
    }
    return null;
  }

  /** What a process says of breakpoints is reported as news too: the user may have been answered before this process was there. */
  private learn(answers: readonly BreakpointAnswer[] | null): readonly BreakpointAnswer[] | null {
    for (const each of answers ?? []) if (this.breakpoints.learned(each)) this.events.breakpointChanged(each);
    return answers;
  }

  async setExceptions(): Promise<void> {
    await Promise.all([...this.joined].map((each) => each.setExceptions()));
  }

  /**
   * continue, next, stepIn or stepOut of a thread that is paused at a line. Rejects with a DebugError.
   * @param target one of `stepInTargets`
   */
  async resume(command: string, threadId: number, target: unknown = undefined): Promise<void> {
    const { process, theirs } = this.require(threadId);
    try {
      await process.connection.request(command, {
        threadId: theirs,
        ...(target === undefined ? {} : { targetId: target }),
      });
    } catch (error) {
      // Resuming may have been the end of it, before it could answer.
      if (!process.connection.closed) throw refused(error);
    }
    this.resumed(process);
  }

  async resumeAll(): Promise<void> {
    for (const { firstPaused } of this.joined)
      if (firstPaused !== undefined) await this.resume('continue', firstPaused);
  }

  /** Pauses a process at its next line; false where it has no line debugger. */
  async pause(pid: number): Promise<boolean> {
    const process = [...this.joined].find((each) => each.pid === pid);
    if (process === undefined) return false;
    const [first] = (await answerOf(process.threads())) ?? [];
    await answerOf(process.connection.request('pause', { threadId: first?.id ?? 1 }));
    return true;
  }

  stackTrace(args: DebugProtocol.StackTraceArguments) {
    const { process, theirs } = this.require(args.threadId);
    return this.requests.stackTrace(process.connection, theirs, args);
  }

  async exceptionInfo(threadId: number): Promise<Body> {
    const { process, theirs } = this.require(threadId);
    return answerOf(process.connection.request('exceptionInfo', { threadId: theirs }));
  }

  /** Of a frame or value whose number `LineRefs.is` recognises; see `LineRequests.ask`. */
  ask(command: string, args: Body): Promise<Body> {
    return this.requests.ask(command, args);
  }

  source(args: Body): Promise<Body> {
    return this.requests.source(args);
  }

  gotoTargets(args: Body) {
    return this.requests.gotoTargets(args);
  }

  async goto(threadId: number, targetId: number): Promise<void> {
    const { process, theirs } = this.require(threadId);
    await this.requests.goto(process.connection, theirs, targetId);
  }

  modules(args: DebugProtocol.ModulesArguments) {
    return this.requests.modules(
      [...this.joined].map((each) => each.connection),
      args,
    );
  }

  private require(threadId: number): PausedLineThread {
    const found = this.find(threadId);
    if (found === null) throw notPaused();
    return found;
  }

  private get isDisposed(): boolean {
    return this.disposal.signal.aborted;
  }
}
