/** An independent debug client on `forkscope dap`'s standard input and output. */
import { type ChildProcess, spawn } from 'node:child_process';
import { DebugClient } from '@vscode/debugadapter-testsupport';
import type { DebugProtocol } from '@vscode/debugprotocol';

export interface Place {
  readonly threadId: number;
  readonly name: string;
  readonly description: string;
  readonly reason: string;
  readonly line: number;
  readonly file: string;
  readonly frameId: number;
}

/** Reads events in order: each is taken once. */
export class Editor extends DebugClient {
  readonly events: DebugProtocol.Event[] = [];
  /** The adapter's response to the exception filters of `begin`. */
  filters: readonly DebugProtocol.Breakpoint[] = [];
  private readonly taken = new Set<DebugProtocol.Event>();
  private wake: (() => void)[] = [];

  private constructor(readonly process: ChildProcess) {
    super('node', '', 'forkscope');
    const self = this as unknown as { dispatch(text: string): void };
    const base = self.dispatch.bind(this);
    self.dispatch = (text) => {
      const message = JSON.parse(text) as DebugProtocol.ProtocolMessage;
      if (message.type === 'event') this.events.push(message as DebugProtocol.Event);
      base(text);
      for (const wake of this.wake.splice(0)) wake();
    };
  }

  /** @param cli the built cli.js */
  static start(cli: string): Editor {
    const child = spawn(process.execPath, [cli, 'dap'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const editor = new Editor(child);
    editor.connect(child.stdout, child.stdin);
    return editor;
  }

  /** Starts a program, with breakpoints set as an editor sets them. */
  async begin(
    launch: object,
    set: {
      functions?: DebugProtocol.FunctionBreakpoint[];
      filters?: string[];
      filterOptions?: DebugProtocol.ExceptionFilterOptions[];
      lines?: { file: string; breakpoints: DebugProtocol.SourceBreakpoint[] };
    } = {},
  ): Promise<DebugProtocol.Breakpoint[]> {
    await this.initializeRequest({
      adapterID: 'forkscope',
      pathFormat: 'path',
      linesStartAt1: true,
      columnsStartAt1: true,
    });
    const launched = this.launchRequest({ console: 'internalConsole', lineDebugging: 'off', ...launch } as never);
    const answers: DebugProtocol.Breakpoint[] = [];
    // Not before: an adapter may be able to respond only then.
    await Promise.race([this.take('initialized'), launched]);
    if (set.lines)
      answers.push(
        ...(await this.setBreakpointsRequest({ source: { path: set.lines.file }, breakpoints: set.lines.breakpoints }))
          .body.breakpoints,
      );
    if (set.functions)
      answers.push(...(await this.setFunctionBreakpointsRequest({ breakpoints: set.functions })).body.breakpoints);
    if (set.filters || set.filterOptions) {
      const { body } = await this.setExceptionBreakpointsRequest({
        filters: set.filters ?? [],
        ...(set.filterOptions ? { filterOptions: set.filterOptions } : {}),
      });
      this.filters = body?.breakpoints ?? [];
    }
    await this.configurationDoneRequest();
    await launched;
    return answers;
  }

  /** The next event of that name that was not taken yet, past or future. */
  async take(name: string, fits: (body: never) => boolean = () => true): Promise<DebugProtocol.Event> {
    for (;;) {
      const found = this.events.find(
        (each) => each.event === name && !this.taken.has(each) && fits(each.body as never),
      );
      if (found !== undefined) {
        this.taken.add(found);
        return found;
      }
      await new Promise<void>((resolve) => this.wake.push(resolve));
    }
  }

  /** The thread id of a process's row, once it exists. Polls, because the protocol has no event for a renamed row. */
  async row(name: string): Promise<number> {
    for (;;) {
      const { threads } = (await this.threadsRequest()).body;
      const found = threads.find((each) => each.name.startsWith(`${name} (`));
      if (found !== undefined) return found.id;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Where the next process pauses. */
  async place(): Promise<Place> {
    const { body } = (await this.take('stopped')) as DebugProtocol.StoppedEvent;
    const threadId = body.threadId ?? 0;
    const { threads } = (await this.threadsRequest()).body;
    const { stackFrames } = (await this.stackTraceRequest({ threadId })).body;
    const top = stackFrames[0];
    return {
      threadId,
      name: threads.find((each) => each.id === threadId)?.name.replace(/ \(pid \d+\)/, '') ?? '',
      description: body.description ?? '',
      reason: body.reason,
      line: top?.line ?? 0,
      file: top?.source?.name ?? '',
      frameId: top?.id ?? 0,
    };
  }

  async evaluate(place: Place, expression: string, context: 'repl' | 'hover' = 'hover'): Promise<string> {
    return (await this.evaluateRequest({ expression, frameId: place.frameId, context })).body.result;
  }

  /** name → value of a scope. */
  async scope(place: Place, name: string): Promise<Record<string, string>> {
    const { scopes } = (await this.scopesRequest({ frameId: place.frameId })).body;
    const scope = scopes.find((each) => each.name === name);
    if (scope === undefined) throw new Error(`There is no scope ${name}: ${scopes.map((each) => each.name)}`);
    const { variables } = (await this.variablesRequest({ variablesReference: scope.variablesReference })).body;
    return Object.fromEntries(variables.map((each) => [each.name, each.value]));
  }

  output(): string {
    return this.events
      .filter((each) => each.event === 'output' && each.body.category !== 'telemetry')
      .map((each) => each.body.output)
      .join('');
  }

  async end(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.stdin?.end();
    await ended;
  }
}
