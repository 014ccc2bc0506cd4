/**
 * The debug adapter's face of the engine: one instance per connection, one program at a time, its processes as threads.
 * Requests are a table; what a request may do depends on the state, and one that comes out of order gets an error.
 * What is about stopped processes is in debugging.ts.
 */
import type { Socket } from 'node:net';
import {
  Event,
  ExitedEvent,
  InitializedEvent,
  OutputEvent,
  Response,
  TerminatedEvent,
  Thread,
  ThreadEvent,
} from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import * as l10n from '@vscode/l10n';
import { Breakpoints } from '../debug/breakpoints';
import { installCommand } from '../debug/debugpy/debugpy';
import { DebugError } from '../debug/errors';
import { stopAtNothing } from '../debug/pauses/plan';
import { errorText, log } from '../engine/log/log';
import { type DapRequestName, dapName } from '../protocol/dap';
import { plainLines } from '../protocol/plain';
import { capabilities, LINE_CAPABILITIES } from './capabilities';
import { ClientConnection } from './clientConnection';
import { DebugRequests } from './debugging';
import {
  alreadyRestarting,
  asDapError,
  attachFailed,
  DapError,
  entryWithoutDebugpy,
  internal,
  launchCancelled,
  noAttach,
  notSupported,
  onlyPaths,
  withoutDebugpy,
  wrongOrder,
} from './errors';
import { messageFilters } from './exceptionFilters';
import { type LaunchArguments, readLaunchArguments, wantedTrace } from './launchArguments';
import { LineFailures } from './lineFailures';
import { type LineLaunch, lineLaunch } from './lineLaunch';
import { ownHandlers } from './ownRequests';
import type { AdapterHost } from './ports';
import { checkArguments } from './requestArguments';
import { Run, type RunEvents } from './run';
import { socketSink } from './socketSink';
import { startInConsole, startInTerminal } from './start';

/** new → ready (initialized) → starting → running → ended */
type State = 'new' | 'ready' | 'starting' | 'running' | 'ended';

interface RequestHandler {
  readonly when: readonly State[];
  /** Returns the response's body; throws a DapError for an error response. */
  run(args: unknown): unknown;
}

/** A terminal may have to start a slow shell first, or ask its user something. */
const TERMINAL_TIMEOUT = 120_000;

const anyState: readonly State[] = ['new', 'ready', 'starting', 'running', 'ended'];
const afterInitialize: readonly State[] = ['ready', 'starting', 'running', 'ended'];

export class ForkscopeDebugAdapter extends ClientConnection {
  private state: State = 'new';
  private canRunInTerminal = false;
  private run: Run | null = null;
  private launched: LaunchArguments | null = null;
  private lastThreadId = 0;
  private configured: () => void = () => {};
  private readonly configurationDone = new Promise<void>((resolve) => {
    this.configured = resolve;
  });
  private cancelStart: (error: DapError) => void = () => {};
  private readonly startCancelled = new Promise<never>((_, reject) => {
    this.cancelStart = reject;
  });
  /** While a restart replaces one run by the next, the end of the first is not the end of the debug session. */
  private restarting = false;
  /** The user wants it to end: a restart that is under way goes no further than the end. */
  private stopWanted = false;
  /** The program is another debugger's. */
  private attached = false;
  /** The client knows of the line debugger's capabilities. */
  private announced = false;

  private readonly lineFailures: LineFailures;

  constructor(
    private readonly host: AdapterHost,
    socket: Socket,
    number = 1,
  ) {
    super(socket, `dap ${number}`, (text) => host.complain?.(text));
    this.lineFailures = new LineFailures(host.engine, (event, body) => this.sendEvent(new Event(event, body)));
    this.startCancelled.catch(() => {});
  }

  private readonly breakpoints = new Breakpoints();
  private readonly debugging = new DebugRequests(this.breakpoints, {
    send: (event, body) => this.sendEvent(new Event(event, body)),
  });

  private readonly ownRequests = ownHandlers({
    session: () => ({ sessionId: this.run?.session.id ?? null }),
    ...this.debugging.ownRequests,
  });

  private readonly requests: Readonly<Record<string, RequestHandler>> = {
    initialize: { when: ['new'], run: (args) => this.initialize(args as DebugProtocol.InitializeRequestArguments) },
    launch: { when: ['ready'], run: (args) => this.launch(args) },
    attach: { when: afterInitialize, run: (args) => this.attach(args) },
    configurationDone: { when: afterInitialize, run: () => this.configured() },
    threads: { when: afterInitialize, run: () => ({ threads: this.threads() }) },
    terminate: { when: afterInitialize, run: () => this.terminate() },
    restart: { when: ['running'], run: (args) => this.restart(args as DebugProtocol.RestartArguments | undefined) },
    disconnect: {
      when: anyState,
      run: (args) => this.disconnect((args ?? {}) as DebugProtocol.DisconnectArguments),
    },
    ...Object.fromEntries(
      Object.entries(this.debugging.breakpointRequests).map(([name, run]) => [name, { when: afterInitialize, run }]),
    ),
    ...Object.fromEntries(
      Object.entries(this.debugging.stopRequests).map(([name, run]) => [name, { when: ['running'] as State[], run }]),
    ),
    ...Object.fromEntries(
      Object.entries(this.ownRequests).map(([name, run]) => [
        dapName(name as DapRequestName),
        { when: name === 'session' ? afterInitialize : ['running'], run },
      ]),
    ),
  };

  protected override dispatchRequest(request: DebugProtocol.Request): void {
    void this.answer(request);
  }

  private async answer(request: DebugProtocol.Request): Promise<void> {
    const response: DebugProtocol.Response = new Response(request);
    const { command } = request;
    try {
      const handler = Object.hasOwn(this.requests, command) ? this.requests[command] : undefined;
      if (handler === undefined) {
        throw notSupported(command, false);
      }
      if (!handler.when.includes(this.state)) {
        throw wrongOrder(command, this.state);
      }
      checkArguments(command, request.arguments);
      response.body = await handler.run(request.arguments);
    } catch (error) {
      const known = error instanceof DebugError ? asDapError(error) : error instanceof DapError ? error : null;
      if (known === null) log.note('error', () => `${command}: ${errorText(error, true)}`);
      const failure = known ?? internal(error);
      response.success = false;
      response.message = failure.message;
      response.body = { error: failure.toMessage() };
    }
    this.sendResponse(response);
    if (command === 'disconnect') {
      this.stop();
    }
  }

  private initialize(args: DebugProtocol.InitializeRequestArguments | undefined): DebugProtocol.Capabilities {
    if (args?.pathFormat !== undefined && args.pathFormat !== 'path') {
      throw onlyPaths();
    }
    this.state = 'ready';
    this.canRunInTerminal = args?.supportsRunInTerminalRequest === true;
    this.debugging.showsAnew = args?.clientID === 'vscode';
    this.debugging.invalidates = args?.supportsInvalidatedEvent === true;
    return capabilities();
  }

  private async launch(args: unknown): Promise<void> {
    this.state = 'starting';
    try {
      this.trace(args);
      const launch = await this.check(args);
      const lines = await this.lineDebugging(launch);
      // Only now is the owner of line breakpoints known, on which their verification depends.
      this.breakpoints.owner = launch.noDebug ? 'nobody' : lines === null ? 'messages' : 'debugger';
      this.announce(lines);
      this.sendEvent(new InitializedEvent());
      if (lines === null && launch.lineDebugging === 'auto' && !launch.noDebug) this.tellNoDebugpy(launch);
      await Promise.race([this.configurationDone, this.startCancelled]);
      await this.begin(launch, lines);
    } catch (error) {
      this.state = 'ended';
      throw error;
    }
  }

  /** Writes a log while this debug session lasts, where its configuration asks for one. */
  private trace(args: unknown): void {
    const level = wantedTrace(args);
    if (level === null) return;
    const wasOn = log.isOn;
    try {
      this.say(l10n.t('Forkscope writes a log of this session to {0}.', log.start(this, level)));
      // What asked for it came before there was one.
      if (!wasOn) log.dap(this.topic, '←', { type: 'request', command: 'launch', arguments: args });
    } catch (error) {
      this.say(l10n.t('There is no log of this session: {0}', (error as Error).message));
    }
  }

  /** What only a session with a line debugger can do; told each time, as a restart may find one, or none. */
  private announce(lines: LineLaunch | null): void {
    const capabilities = Object.fromEntries(Object.keys(LINE_CAPABILITIES).map((name) => [name, lines !== null]));
    if (lines !== null || this.announced) this.sendEvent(new Event('capabilities', { capabilities }));
    this.announced = lines !== null;
  }

  /** Beside another debugger: to the session of a program that it starts, and ends. */
  private async attach(args: unknown): Promise<void> {
    const { session: folder, noDebug } = (args ?? {}) as { session?: unknown; noDebug?: unknown };
    if (typeof folder !== 'string' || this.state !== 'ready') {
      throw noAttach();
    }
    this.state = 'starting';
    const session = await this.host.engine.open(folder).catch((error: unknown) => {
      this.state = 'ended';
      throw attachFailed(error);
    });
    const run = new Run(
      this.host,
      { id: session.id, folder, command: [], cwd: '', env: {} },
      session,
      this.eventsOf([]),
      0,
    );
    this.run = run;
    this.attached = true;
    const owner = noDebug === true ? 'nobody' : 'other';
    this.breakpoints.owner = owner;
    if (owner === 'nobody') stopAtNothing(folder);
    // The exceptions' checkboxes are the other debugger's.
    this.sendEvent(new Event('capabilities', { capabilities: { exceptionBreakpointFilters: messageFilters() } }));
    this.sendEvent(new InitializedEvent());
    this.host.sessionStarted({ sessionId: session.id, folder });
    await this.debugging.attach(run, folder, owner);
    void this.configurationDone.then(() => this.debugging.configured());
    this.sendOwn('session', { sessionId: session.id });
    this.state = 'running';
    run.begin();
  }

  private async check(args: unknown): Promise<LaunchArguments> {
    const launch = await readLaunchArguments(args);
    await this.host.launcher.checkPython(launch.python);
    return launch;
  }

  /** Makes the session and starts the program in it. */
  private async begin(launch: LaunchArguments, lines: LineLaunch | null): Promise<void> {
    const { engine, launcher } = this.host;
    const program = await launcher.prepare(launch);
    const session = await engine.open(program.folder);
    const run = new Run(this.host, program, session, this.eventsOf(program.command), this.lastThreadId);
    this.run = run;
    this.launched = launch;
    await this.debugging.attach(run, program.folder, launch.noDebug ? 'nobody' : lines, launch.stopOnEntry);
    if (launch.stopOnEntry && lines === null) this.say(entryWithoutDebugpy());
    if (lines !== null) this.lineFailures.watch(session, launch.python);
    this.host.sessionStarted({ sessionId: session.id, folder: program.folder });
    this.sendOwn('session', { sessionId: session.id });
    try {
      if (this.usesTerminal(launch)) {
        await Promise.race([
          startInTerminal(program, launch, launcher, (terminal) => this.askForTerminal(terminal)),
          run.whenOver(),
        ]);
      } else {
        await startInConsole(
          run,
          launcher,
          socketSink(this.socket, (text, category) => {
            if (this.run === run && this.state !== 'ended') this.sendEvent(new OutputEvent(text, category));
          }),
          (text) => this.complain(text),
        );
      }
    } catch (error) {
      run.letGo();
      await engine.close(session.id, { deleteFolder: true });
      throw error;
    }
    if (run.isOver && !run.hasStarted) {
      throw launchCancelled();
    }
    if (!run.isOver) {
      this.state = 'running';
      run.begin();
    }
  }

  /** How lines are debugged; null: they are not. Rejects where they are to be and cannot. */
  private lineDebugging(launch: LaunchArguments): Promise<LineLaunch | null> {
    return lineLaunch(launch, this.host.launcher.runtimeFolder, !this.usesTerminal(launch));
  }

  private usesTerminal({ console }: LaunchArguments): boolean {
    return console !== 'internalConsole' && this.canRunInTerminal;
  }

  private tellNoDebugpy({ python }: LaunchArguments): void {
    const command = installCommand(python);
    this.sendEvent(new OutputEvent(plainLines([withoutDebugpy(command)]), 'console'));
    this.sendOwn('noDebugpy', { python, command });
  }

  private askForTerminal(
    args: DebugProtocol.RunInTerminalRequestArguments,
  ): Promise<DebugProtocol.RunInTerminalResponse> {
    return new Promise((resolve) => {
      this.sendRequest('runInTerminal', args, TERMINAL_TIMEOUT, (response) =>
        resolve(response as DebugProtocol.RunInTerminalResponse),
      );
    });
  }

  private eventsOf(command: readonly string[]): RunEvents {
    return {
      mainStarted: (pid) => {
        const body: DebugProtocol.ProcessEvent['body'] = {
          name: command.slice(1).join(' '),
          systemProcessId: pid,
          isLocalProcess: true,
          startMethod: 'launch',
        };
        this.sendEvent(new Event('process', body));
      },
      threadStarted: (thread) => {
        this.lastThreadId = Math.max(this.lastThreadId, thread.id);
        this.sendEvent(new ThreadEvent('started', thread.id));
      },
      threadExited: (thread) => this.sendEvent(new ThreadEvent('exited', thread.id)),
      threadRenamed: (thread) => this.debugging.renamed(thread.id),
      mainEnded: (exitCode) => {
        if (!this.restarting) {
          this.sendEvent(new ExitedEvent(exitCode));
        }
      },
      changed: (delta) => this.debugging.changed(delta),
      refused: (sentence) => this.say(sentence),
      released: () => {
        this.lineFailures.dispose();
        this.debugging.detach();
      },
      finished: () => {
        const { run } = this;
        if (run !== null && !run.hasStarted) {
          // Without its folder a terminal that comes late does not start the program after all.
          void this.host.engine.close(run.session.id, { deleteFolder: true });
        }
        if (!this.restarting) {
          this.state = 'ended';
          this.sendEvent(new TerminatedEvent());
        }
      },
    };
  }

  private threads(): Thread[] {
    const processes = (this.run?.threads.shown ?? []).map((each) => ({
      id: each.id,
      name: this.debugging.label(each),
    }));
    return [...processes, ...this.debugging.extraThreads].map((each) => new Thread(each.id, each.name));
  }

  /** Answers at once; the `terminated` event follows when the tree has ended. */
  private terminate(): void {
    this.stopWanted = true;
    this.cancelStart(launchCancelled());
    if (this.run === null || (this.run.isOver && !this.restarting)) {
      this.sendEvent(new TerminatedEvent());
    } else {
      void this.run.end('terminate');
    }
  }

  private async restart(args: DebugProtocol.RestartArguments | undefined): Promise<void> {
    const before = this.run;
    if (this.restarting || before === null || this.launched === null) {
      throw alreadyRestarting();
    }
    const next = args?.arguments === undefined ? this.launched : await this.check(args.arguments);
    const lines = await this.lineDebugging(next);
    this.restarting = true;
    try {
      await before.end('terminate');
      if (this.stopWanted) {
        throw launchCancelled();
      }
      this.restarting = false;
      this.announce(lines);
      await this.begin(next, lines);
    } catch (error) {
      this.restarting = false;
      this.state = 'ended';
      this.sendEvent(new TerminatedEvent());
      throw error;
    }
  }

  private async disconnect({ terminateDebuggee = !this.attached }: DebugProtocol.DisconnectArguments): Promise<void> {
    this.stopWanted = true;
    this.cancelStart(launchCancelled());
    if (this.run !== null && terminateDebuggee) {
      await this.run.end('terminate');
    }
    this.leave();
  }

  /** The client is gone: the program keeps running and its session stays in the views. */
  protected override leave(): void {
    this.cancelStart(launchCancelled());
    this.run?.letGo();
  }
}
