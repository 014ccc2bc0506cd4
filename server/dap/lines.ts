/**
 * Line debugging of a whole run: each process has a line debugger (debugpy) of its own, and the editor sees them as one.
 * A process is a thread of the debug session; while it stands, its further Python threads are shown beside it.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import * as l10n from '@vscode/l10n';
import type { LineConnection } from '../debug/debugpy/connection';
import { type JoiningProcess, LineListener } from '../debug/debugpy/listener';
import { log, pythonErrorName } from '../engine/log/log';
import type { RuntimeEvents } from '../protocol/dap';
import { plainLines } from '../protocol/plain';
import type { SourceLine } from '../protocol/views';
import type { Breakpoints } from './breakpoints';
import { conditionFailed, failedThere, lineDebuggerFailed, notStopped } from './errors';
import { LineOutput } from './lineOutput';
import { type Body, LineRequests, there } from './lineRequests';
import type { SteppingRun } from './stepping';
import type { ProcessThread } from './threads';

interface LinesEvents {
  send(event: string, body: unknown): void;
}

export interface LinesOptions {
  /** The folder of the debugpy package. */
  readonly debugpy: string;
  readonly justMyCode: boolean;
  /** Frames of files below are ours: they are not shown and not stepped into. */
  readonly runtime: string;
  /** What installs a newer debugpy. */
  readonly installCommand: string;
  /** The main process stops before its first line. */
  readonly stopOnEntry: boolean;
  /** The program's output goes to the debug console, not to a terminal. */
  readonly captured: boolean;
}

/** A process with a line debugger. */
interface Joined {
  readonly pid: number;
  readonly connection: LineConnection;
  /** The editor's numbers of its threads → its own ones; null while it runs. */
  stopped: Map<number, number> | null;
  /** Numbers that were made for threads beside the main one. */
  readonly extra: Map<number, number>;
  /** Its numbers of breakpoints → the editor's. */
  readonly breakpoints: Map<number, number>;
}

/** Numbers of threads beside the main ones: above those of processes. */
const FIRST_EXTRA = 2 ** 20;
const CONDITION = 'forkscopeCondition' satisfies keyof RuntimeEvents;
const LOG = 'forkscopeLog' satisfies keyof RuntimeEvents;
const LOOKS = 100;
const LOOK_MS = 20;

export class Lines {
  private readonly joined = new Set<Joined>();
  private readonly requests: LineRequests;
  private readonly output: LineOutput;
  /** The next process that joins is the main one, and stops before its first line. */
  private entry: boolean;
  /** Breakpoints whose condition failed, with that condition. */
  private readonly failed = new Set<string>();
  private readonly extraNames = new Map<number, string>();
  private lastExtra = FIRST_EXTRA;
  private listener: LineListener | null = null;
  private disposed = false;

  private constructor(
    private readonly run: SteppingRun,
    private readonly breakpoints: Breakpoints,
    private readonly options: LinesOptions,
    private readonly events: LinesEvents,
  ) {
    this.requests = new LineRequests(options.runtime);
    this.output = new LineOutput(options.captured);
    this.entry = options.stopOnEntry;
  }

  /** From now on each process of the run that starts reports here. Rejects where nothing can listen. */
  static async open(
    run: SteppingRun,
    folder: string,
    breakpoints: Breakpoints,
    options: LinesOptions,
    events: LinesEvents,
  ): Promise<Lines> {
    const lines = new Lines(run, breakpoints, options, events);
    lines.listener = await LineListener.open(folder, options.debugpy, (process) => void lines.join(process));
    return lines;
  }

  /** Everybody goes on, without a line debugger. */
  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.listener?.dispose();
    for (const each of this.joined) each.connection.close();
    this.joined.clear();
  }

  // ── what processes do

  private async join({ pid, connection }: JoiningProcess): Promise<void> {
    const process: Joined = { pid, connection, stopped: null, extra: new Map(), breakpoints: new Map() };
    this.joined.add(process);
    this.output.joined(pid);
    const stopOnEntry = this.entry;
    this.entry = false;
    connection.listen({
      event: (name, body) => this.heard(process, name, body),
      closed: () => this.left(process),
    });
    const files = this.breakpoints.files;
    log.note('line debugger', () => `pid ${pid} joined; files with breakpoints: ${files.join(', ') || 'none'}`);
    try {
      // Sent at once, one behind the other: debugpy answers in this order, and each of them fails when the process ends.
      await Promise.all([
        connection.request('initialize', {
          clientID: 'forkscope',
          adapterID: 'debugpy',
          pathFormat: 'path',
          linesStartAt1: true,
          columnsStartAt1: true,
          supportsVariableType: true,
        }),
        // To debugpy only what was launched has an entry.
        connection.request(stopOnEntry ? 'launch' : 'attach', {
          stopOnEntry,
          justMyCode: this.options.justMyCode,
          subProcess: true,
          showReturnValue: true,
          rules: [{ path: `${this.options.runtime}/**`, include: false }],
        }),
        ...files.map((file) => this.sendLines(process, file)),
        this.sendExceptions(process),
        connection.request('configurationDone'),
      ]);
      log.note('line debugger', `pid ${pid} is debugged by line`);
    } catch (error) {
      log.swallowed(`pid ${pid} is not debugged by line`, error);
      if (connection.closed || this.disposed) return; // it is gone before it began
      // A debugger that refuses must not hold the process, which waits for it.
      connection.close();
      const why = error instanceof Error ? error.message : String(error);
      this.events.send('output', {
        category: 'console',
        output: plainLines([lineDebuggerFailed(l10n.t('pid {0}', String(pid)), why, this.options.installCommand)]),
      });
    }
  }

  private async heard(process: Joined, name: string, body: Body): Promise<void> {
    if (this.disposed) return;
    if (name === 'stopped') await this.stopped(process, body as unknown as DebugProtocol.StoppedEvent['body']);
    else if (name === 'continued') this.goesOn(process);
    else if (name === CONDITION) this.conditionFailed(process, body as unknown as RuntimeEvents[typeof CONDITION]);
    else if (name === LOG) this.logged(process, body as unknown as RuntimeEvents[typeof LOG]);
    else if (
      name === 'output' &&
      body['category'] !== 'telemetry' &&
      !this.output.isShown(process.pid, body['category'])
    )
      this.events.send('output', body);
  }

  /** Sent by the runtime, for debugpy keeps it to itself. */
  private conditionFailed(process: Joined, body: RuntimeEvents[typeof CONDITION]): void {
    const id = process.breakpoints.get(Number(body.breakpoint));
    const condition = String(body.condition);
    const key = `${id} ${condition}`;
    if (this.failed.has(key)) return;
    this.failed.add(key);
    log.note(
      'stop',
      () => `the condition of #${id} failed in pid ${process.pid}: ${pythonErrorName(String(body.error))}`,
    );
    const name = this.run.threads.find((each) => each.pid === process.pid)?.name ?? `pid ${process.pid}`;
    this.sayAt(id, conditionFailed(condition, String(body.error), name));
  }

  /** A breakpoint's log message: sent by the runtime, for debugpy's is as if the program had printed it. */
  private logged(process: Joined, body: RuntimeEvents[typeof LOG]): void {
    this.sayAt(process.breakpoints.get(Number(body.breakpoint)), String(body.text));
  }

  private sayAt(breakpoint: number | undefined, text: string): void {
    const place = this.breakpoints.placeOf(breakpoint);
    this.events.send('output', {
      category: 'console',
      output: plainLines([text]),
      ...(place === null ? {} : { source: { path: place.file }, line: place.line }),
    });
  }

  private async stopped(process: Joined, body: DebugProtocol.StoppedEvent['body']): Promise<void> {
    const { connection } = process;
    const [row, { threads }] = await Promise.all([
      this.rowOf(process),
      connection.request('threads') as Promise<{ threads?: { id: number; name: string }[] }>,
    ]);
    if (row === null || threads === undefined) {
      log.note('stop', `pid ${process.pid} goes on: it is not in the model`);
      await connection.request('continue', { threadId: body.threadId });
      return;
    }
    const main = threads.find((each) => each.name === 'MainThread') ?? threads[0];
    process.stopped = new Map();
    let at = row.id;
    for (const each of threads) {
      const id = each === main ? row.id : this.extraFor(process, each.id, `${row.name}: ${each.name}`);
      process.stopped.set(id, each.id);
      if (each.id === body.threadId) at = id;
      if (each !== main) this.events.send('thread', { reason: 'started', threadId: id });
    }
    const top = await this.topOf(connection, body.threadId ?? 0);
    this.run.session.pause(process.pid, { line: top });
    log.note('stop', () => {
      const hit =
        this.hits(process, body, top)
          .hitBreakpointIds?.map((each) => ` #${each}`)
          .join('') ?? '';
      return `pid ${process.pid} stops by ${body.reason}${hit} at ${top === null ? '?' : `${top.file}:${top.line}`}, as thread ${at}`;
    });
    this.events.send('stopped', {
      reason: body.reason,
      description: this.describe(body),
      ...(body.text === undefined ? {} : { text: body.text }),
      ...this.hits(process, body, top),
      threadId: at,
      allThreadsStopped: false,
    });
    for (const id of process.stopped.keys()) {
      if (id === at) continue;
      this.events.send('stopped', {
        reason: 'pause',
        description: l10n.t('Paused with its process'),
        threadId: id,
        allThreadsStopped: false,
        preserveFocusHint: true,
      });
    }
  }

  /** Which of the editor's breakpoints it stopped at; older debugpys do not tell. */
  private hits(
    { breakpoints }: Joined,
    { reason, hitBreakpointIds }: DebugProtocol.StoppedEvent['body'],
    top: SourceLine | null,
  ) {
    if (reason !== 'breakpoint') return {};
    const ours =
      hitBreakpointIds?.flatMap((each) => breakpoints.get(each) ?? []) ??
      (top === null ? [] : this.breakpoints.idsAt(top.file, top.line));
    return ours.length > 0 ? { hitBreakpointIds: ours } : {};
  }

  private describe({ reason, description }: DebugProtocol.StoppedEvent['body']): string {
    if (reason === 'breakpoint') return l10n.t('Paused on breakpoint');
    if (reason === 'exception') return l10n.t('Paused on exception');
    if (reason === 'step') return l10n.t('Paused on step');
    if (reason === 'entry') return l10n.t('Paused on entry');
    return description || l10n.t('Paused');
  }

  private async topOf(connection: LineConnection, threadId: number): Promise<SourceLine | null> {
    const frame = (await this.requests.frames(connection, threadId)).find((each) => each.source?.path !== undefined);
    return frame === undefined
      ? null
      : { file: frame.source?.path ?? '', line: frame.line, function: frame.name.split('.').at(-1) ?? frame.name };
  }

  private extraFor(process: Joined, thread: number, name: string): number {
    let id = process.extra.get(thread);
    if (id === undefined) {
      this.lastExtra += 1;
      id = this.lastExtra;
      process.extra.set(thread, id);
    }
    this.extraNames.set(id, name);
    return id;
  }

  /** A process that was made a moment ago may not be in the model yet. */
  private async rowOf(process: Joined): Promise<ProcessThread | null> {
    for (let look = 0; look < LOOKS && !process.connection.closed && !this.disposed; look++) {
      const found = this.run.threads.find((each) => each.pid === process.pid);
      if (found !== null) return found;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      await this.run.look();
    }
    return null;
  }

  private goesOn(process: Joined): void {
    const { stopped } = process;
    if (stopped === null) return;
    process.stopped = null;
    this.requests.forget(process.connection);
    this.run.session.pause(process.pid, null);
    for (const id of stopped.keys()) {
      this.events.send('continued', { threadId: id, allThreadsContinued: false });
      if (this.extraNames.delete(id)) this.events.send('thread', { reason: 'exited', threadId: id });
    }
  }

  private left(process: Joined): void {
    this.joined.delete(process);
    log.note('line debugger', `pid ${process.pid} left`);
    if (!this.disposed) this.goesOn(process);
  }

  // ── what the user wants

  /** Threads of standing processes beside their main ones. */
  get extraThreads(): readonly { readonly id: number; readonly name: string }[] {
    return [...this.extraNames].map(([id, name]) => ({ id, name }));
  }

  /** True where a thread stands at a line. */
  isStopped(threadId: number): boolean {
    return this.standing(threadId) !== null;
  }

  private standing(threadId: number): { process: Joined; theirs: number } | null {
    for (const process of this.joined) {
      const theirs = process.stopped?.get(threadId);
      if (theirs !== undefined) return { process, theirs };
    }
    return null;
  }

  /** Leads the editor to a process that stands at a line. Answers whether it does. */
  async focus(threadId: number): Promise<boolean> {
    if (this.standing(threadId) === null) return false;
    this.events.send('stopped', { reason: 'pause', description: l10n.t('Paused'), threadId, allThreadsStopped: false });
    return true;
  }

  /** Sends the breakpoints of one file to everybody; what the first one that knows says of them, else null. */
  async setLines(file: string): Promise<DebugProtocol.Breakpoint[] | null> {
    const all = [...this.joined].map((each) => this.sendLines(each, file));
    for (const each of all) {
      const answer = await each;
      if (answer !== null) return answer;
    }
    return null;
  }

  async setExceptions(): Promise<void> {
    await Promise.all([...this.joined].map((each) => this.sendExceptions(each)));
  }

  /** What it said is also told as news: the editor may have been answered before this process was there. */
  private async sendLines(
    { connection, breakpoints: known, pid }: Joined,
    file: string,
  ): Promise<DebugProtocol.Breakpoint[] | null> {
    const wanted = this.breakpoints.linesOf(file);
    try {
      const { breakpoints = [] } = (await connection.request('setBreakpoints', {
        source: { path: file },
        breakpoints: wanted.map((each) => each.wanted),
      })) as { breakpoints?: DebugProtocol.Breakpoint[] };
      const answers = wanted.map(({ id, wanted: { line } }, index): DebugProtocol.Breakpoint => {
        const said = breakpoints[index];
        if (said?.id !== undefined) known.set(said.id, id);
        return {
          id,
          verified: said?.verified === true,
          line: said?.line ?? line,
          ...(said?.message === undefined ? {} : { message: said.message }),
        };
      });
      log.note('breakpoint', () => `${file} in pid ${pid}: ${answers.map(answerText).join(', ') || 'none'}`);
      for (const breakpoint of answers) {
        if (this.breakpoints.learned(breakpoint)) this.events.send('breakpoint', { reason: 'changed', breakpoint });
      }
      return answers;
    } catch (error) {
      log.swallowed(`setting breakpoints of ${file} in pid ${pid}`, error);
      return null;
    }
  }

  private async sendExceptions({ connection, pid }: Joined): Promise<void> {
    try {
      await connection.request('setExceptionBreakpoints', this.breakpoints.exceptions);
    } catch (error) {
      // gone
      log.swallowed(`setting exceptions to stop at in pid ${pid}`, error);
    }
  }

  /** continue, next, stepIn or stepOut of a thread that stands at a line. @param target one of `stepInTargets` */
  async resume(command: string, threadId: number, target: unknown = undefined): Promise<void> {
    const { process, theirs } = this.must(threadId);
    try {
      await process.connection.request(command, {
        threadId: theirs,
        ...(target === undefined ? {} : { targetId: target }),
      });
    } catch (error) {
      // Going on may have been the end of it, before it could answer.
      if (!process.connection.closed) throw failedThere(error);
    }
    this.goesOn(process);
  }

  async continueAll(): Promise<void> {
    for (const process of this.joined) {
      const [first] = process.stopped?.keys() ?? [];
      if (first !== undefined) await this.resume('continue', first);
    }
  }

  /** Stops a process at its next line; false where it has no line debugger. */
  async pause(pid: number): Promise<boolean> {
    const process = [...this.joined].find((each) => each.pid === pid);
    if (process === undefined) return false;
    const { threads = [] } = (await there(process.connection.request('threads'))) as { threads?: { id: number }[] };
    await there(process.connection.request('pause', { threadId: threads[0]?.id ?? 1 }));
    return true;
  }

  stackTrace(args: DebugProtocol.StackTraceArguments) {
    const { process, theirs } = this.must(args.threadId);
    return this.requests.stackTrace(process.connection, theirs, args);
  }

  async exceptionInfo(threadId: number) {
    const { process, theirs } = this.must(threadId);
    return there(process.connection.request('exceptionInfo', { threadId: theirs }));
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
    const { process, theirs } = this.must(threadId);
    await this.requests.goto(process.connection, theirs, targetId);
  }

  modules(args: DebugProtocol.ModulesArguments) {
    return this.requests.modules(
      [...this.joined].map((each) => each.connection),
      args,
    );
  }

  private must(threadId: number): { process: Joined; theirs: number } {
    const found = this.standing(threadId);
    if (found === null) throw notStopped();
    return found;
  }
}

function answerText({ id, line, verified, message = '' }: DebugProtocol.Breakpoint): string {
  return `#${id} line ${line} ${verified ? 'verified' : `not verified (${message})`}`;
}
