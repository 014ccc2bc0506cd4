/**
 * The extension's end of the language server: starts it, starts it again when it crashed, and speaks its requests.
 * It holds no model; what it remembers is which sessions were open, so that a new server can rebuild them.
 */
import * as vscode from 'vscode';
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  type LanguageClientOptions,
  State,
  TransportKind,
} from 'vscode-languageclient/node';
import { nodeOptions } from '../../server/protocol/nodeOptions';
import {
  type ControlAction,
  methodOf,
  type ParamsOf,
  type PrepareParams,
  type RequestName,
  type ResultOf,
} from '../../server/protocol/requests';
import {
  type DapEndpoint,
  type InitializationOptions,
  MuteFindings,
  type PreparedSession,
  Ready,
  SessionFolder,
  SetTrace,
  STREAM_VERSION,
  type TraceParams,
  Update,
  type UpdateParams,
} from '../../server/protocol/stream';
import type { ProcessId, SessionId } from '../../server/protocol/views';
import { SHOW } from '../ids';
import { RestartPolicy } from './restartPolicy';
import { SessionMemory, type Store } from './sessionMemory';

/** starting: also between a crash and the next start. failed: it stays down until `restart`. */
type ClientState = 'starting' | 'running' | 'failed';

interface ClientOptions {
  /** Absolute path of the built server (`dist/server.js`). */
  readonly serverModule: string;
  readonly output: vscode.LogOutputChannel;
  /** The workspace's Memento. */
  readonly store: Store;
  /** Codes of muted findings; read whenever a server starts. */
  readonly mutedFindings: () => readonly string[];
  /** Log settings for a server that starts. */
  readonly trace: () => TraceParams;
}

export class ForkscopeClient implements vscode.Disposable {
  private readonly updates = new vscode.EventEmitter<UpdateParams>();
  private readonly states = new vscode.EventEmitter<ClientState>();
  private readonly policy = new RestartPolicy();
  private readonly memory: SessionMemory;
  private readonly language: LanguageClient;
  private readonly output: vscode.LogOutputChannel;
  private current: ClientState = 'starting';
  private disposed = false;

  /** What changed, as the server sent it; after a restart of the server everything again, and what could not be reopened as closed. */
  readonly onDidUpdate = this.updates.event;
  readonly onDidChangeState = this.states.event;

  constructor(options: ClientOptions) {
    this.memory = new SessionMemory(options.store);
    this.output = options.output;
    this.language = new LanguageClient(
      'forkscope',
      'Forkscope',
      { module: options.serverModule, transport: TransportKind.ipc, options: { execArgv: [...nodeOptions()] } },
      this.languageOptions(options),
    );
    this.language.onDidChangeState(({ newState }) => {
      if (newState === State.Running) {
        this.become('running');
      } else if (newState === State.Starting) {
        this.become('starting');
      } else if (newState === State.StartFailed) {
        this.giveUp(vscode.l10n.t('The Forkscope server could not be started.'));
      }
    });
    this.language.onNotification(Update, (update) => this.take(update));
    this.language.onNotification(SessionFolder, ({ sessionId, folder }) =>
      this.memory.remember({ sessionId, path: folder }),
    );
    this.language.onNotification(Ready, () => void this.reopen());
  }

  get state(): ClientState {
    return this.current;
  }

  /** Starts the server; a failure is shown in the state and in a message. */
  async start(): Promise<void> {
    try {
      await this.language.start();
    } catch (error) {
      this.output.error(error instanceof Error ? error : String(error));
    }
  }

  /** Restarts the server in any state; observed programs keep running and their sessions are restored. */
  async restart(): Promise<void> {
    this.policy.reset();
    this.become('starting');
    try {
      if (this.language.isRunning()) {
        await this.language.stop();
      }
    } catch (error) {
      this.output.warn(error instanceof Error ? error.message : String(error));
    }
    await this.start();
  }

  /** Waits for a server that is about to start; rejects with a sentence when none runs, or with the server's own. */
  async request<N extends RequestName>(name: N, params: ParamsOf<N>): Promise<ResultOf<N>> {
    await this.running();
    return this.send(name, params);
  }
  /** Sends a signal to one process; `error` is a sentence for the user. */
  control(sessionId: SessionId, processId: ProcessId, action: ControlAction): Promise<{ error?: string }> {
    return this.request('control', { sessionId, processId, action });
  }
  /** Opens a recording or a session folder; rejects with a sentence for the user. */
  async open(path: string): Promise<{ sessionId: SessionId }> {
    const opened = await this.request('open', { path });
    this.memory.remember({ sessionId: opened.sessionId, path });
    return opened;
  }
  async close(sessionId: SessionId): Promise<{ error?: string }> {
    const result = await this.request('close', { sessionId });
    if (result.error === undefined) {
      this.memory.forget(sessionId);
    }
    return result;
  }
  save(sessionId: SessionId, file: string): Promise<{ error?: string }> {
    return this.request('save', { sessionId, file });
  }
  /** A session folder for a program that another debugger starts; rejects with a sentence for the user. */
  prepare(params: PrepareParams): Promise<PreparedSession> {
    return this.request('prepare', params);
  }
  /** A server that is not running now receives it when it starts. */
  muteFindings(codes: readonly string[]): void {
    if (this.current === 'running') {
      void this.language.sendNotification(MuteFindings, { codes });
    }
  }
  /** A server that is not running now receives it when it starts. */
  setTrace(params: TraceParams): void {
    if (this.current === 'running') void this.language.sendNotification(SetTrace, params);
  }
  /** Where debug sessions connect; another place after each start of the server. */
  dap(): Promise<DapEndpoint> {
    return this.request('dap', undefined);
  }

  dispose(): void {
    this.disposed = true;
    this.language.dispose().catch((error: unknown) => this.output.debug(String(error)));
    this.updates.dispose();
    this.states.dispose();
  }

  private languageOptions({ mutedFindings, trace }: ClientOptions): LanguageClientOptions {
    const bundle = vscode.l10n.bundle;
    const initializationOptions = (): InitializationOptions => ({
      mutedFindings: mutedFindings(),
      trace: trace(),
      showCommand: SHOW,
      ...(bundle === undefined ? {} : { l10nBundle: bundle }),
    });
    return {
      documentSelector: [
        { scheme: 'file', language: 'python' },
        { scheme: 'untitled', language: 'python' },
      ],
      // Hovers may have the panel shown, and nothing else.
      markdown: { isTrusted: { enabledCommands: [SHOW] } },
      outputChannel: this.output,
      initializationOptions,
      initializationFailedHandler: () => false,
      errorHandler: {
        error: (error) => {
          this.output.error(error);
          return { action: ErrorAction.Continue, handled: true };
        },
        closed: () => {
          if (this.disposed) {
            return { action: CloseAction.DoNotRestart, handled: true };
          }
          if (this.policy.crashed()) {
            this.become('starting');
            return { action: CloseAction.Restart, handled: true };
          }
          this.giveUp(vscode.l10n.t('The Forkscope server keeps crashing.'));
          return { action: CloseAction.DoNotRestart, handled: true };
        },
      },
    };
  }

  private become(state: ClientState): void {
    if (this.current !== state && !this.disposed) {
      this.current = state;
      this.output.info(`The server: ${state}.`);
      this.states.fire(state);
    }
  }

  private giveUp(sentence: string): void {
    if (this.current === 'failed' || this.disposed) {
      return;
    }
    this.become('failed');
    const restart = vscode.l10n.t('Restart');
    const log = vscode.l10n.t('Show Log');
    void vscode.window.showErrorMessage(sentence, restart, log).then((choice) => {
      if (choice === restart) {
        void this.restart();
      } else if (choice === log) {
        this.output.show();
      }
    });
  }

  private take(update: UpdateParams): void {
    for (const id of update.closed) {
      this.memory.forget(id);
    }
    this.updates.fire(update);
  }

  /** A new server has no sessions: restores the open ones. */
  private async reopen(): Promise<void> {
    for (const { sessionId, path } of this.memory.all) {
      try {
        const opened = await this.send('open', { path });
        if (opened.sessionId !== sessionId) {
          this.memory.remember({ sessionId: opened.sessionId, path });
          this.drop(sessionId);
        }
      } catch (error) {
        // While the server is down again nothing can be said about the folder; the next start tries again.
        if (this.language.isRunning()) {
          this.output.info(error instanceof Error ? error.message : String(error));
          this.drop(sessionId);
        }
      }
    }
  }

  private drop(sessionId: SessionId): void {
    this.take({ version: STREAM_VERSION, sessions: [], closed: [sessionId] });
  }

  private send<N extends RequestName>(name: N, params: unknown): Promise<ResultOf<N>> {
    return params === undefined
      ? this.language.sendRequest<ResultOf<N>>(methodOf(name))
      : this.language.sendRequest<ResultOf<N>>(methodOf(name), params);
  }

  /** Resolves when the server runs; rejects with a sentence when it will not. */
  private async running(): Promise<void> {
    if (this.current === 'running') {
      return;
    }
    const failure = (): Error => new Error(vscode.l10n.t('The Forkscope server is not running.'));
    if (this.current === 'failed' || this.disposed) {
      throw failure();
    }
    await new Promise<void>((resolve, reject) => {
      const listening = this.states.event((state) => {
        if (state !== 'starting') {
          listening.dispose();
          if (state === 'running') {
            resolve();
          } else {
            reject(failure());
          }
        }
      });
    });
  }
}
