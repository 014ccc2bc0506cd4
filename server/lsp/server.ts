/** The language server's face of the engine: the standard handshake, the stream of updates, the project's requests. */
import type { Connection, InitializeResult } from 'vscode-languageserver/node';
import type { Parser } from 'web-tree-sitter';
import { log } from '../engine/log/log';
import type { Engine } from '../engine/session/types';
import {
  type InitializationOptions,
  MuteFindings,
  Ready,
  SessionFolder,
  SetTrace,
  Update,
  type UpdateParams,
} from '../protocol/stream';
import type { SessionId } from '../protocol/views';
import { useBundle } from '../shared/text/language';
import { LanguageFeatures } from './language';
import { type RequestHost, registerRequests } from './requests';
import { applyTrace } from './trace';

interface LanguageServerHost extends RequestHost {
  /** Calls back for every session that a debug session starts. Returns the function that stops it. */
  onSessionFolder(listener: (session: { sessionId: SessionId; folder: string }) => void): () => void;
  /** The parser of Python for the checks of source text; rejects when it cannot be loaded. */
  loadParser(): Promise<Parser>;
  /** The client said goodbye: give up sockets and files; programs under view run on. */
  shutdown(): Promise<void>;
}

function useBundleOf(options: InitializationOptions | undefined): void {
  const bundle = options?.l10nBundle;
  if (typeof bundle === 'object' && bundle !== null && !Array.isArray(bundle)) {
    useBundle(bundle);
  }
}

const isText = (value: unknown): value is string => typeof value === 'string';

/** Registers everything on the connection and starts listening on it. */
export function startLanguageServer(connection: Connection, engine: Engine, host: LanguageServerHost): void {
  const stops: (() => void)[] = [];
  const language = new LanguageFeatures(connection, () => host.loadParser());
  // What a resync tells is not told as an update: everybody who follows has to have it.
  const resync = (): UpdateParams => {
    const update = engine.resync();
    language.take(update);
    return update;
  };

  const trace = (wanted: unknown): void => {
    const problem = applyTrace(wanted);
    if (problem !== null) connection.console.warn(problem);
  };

  connection.onInitialize((params): InitializeResult => {
    const options = params.initializationOptions as InitializationOptions | undefined;
    useBundleOf(options);
    trace(options?.trace);
    const { name = 'a client', version = '' } = params.clientInfo ?? {};
    log.note('lsp', `initialized by ${name} ${version}`);
    if (Array.isArray(options?.mutedFindings)) engine.muteFindings(options.mutedFindings.filter(isText));
    return {
      capabilities: language.initialize(params.capabilities, options),
      serverInfo: { name: 'Forkscope' },
    };
  });

  connection.onInitialized(() => {
    stops.push(
      engine.onUpdate((update) => {
        language.take(update);
        void connection.sendNotification(Update, update);
      }),
      host.onSessionFolder((session) => void connection.sendNotification(SessionFolder, session)),
      () => language.stop(),
    );
    language.start();
    void connection.sendNotification(Ready);
    // A server that was restarted may have sessions before its client knows: the stream begins with everything.
    void connection.sendNotification(Update, resync());
  });

  connection.onNotification(MuteFindings.method, (params: unknown) => {
    const codes = (params as { codes?: unknown } | null)?.codes;
    if (!Array.isArray(codes)) return;
    engine.muteFindings(codes.filter(isText));
    language.mute(codes.filter(isText));
  });

  connection.onNotification(SetTrace.method, (params: unknown) => {
    trace(params);
    language.noteSettings();
  });

  connection.onShutdown(async () => {
    for (const stop of stops.splice(0)) {
      stop();
    }
    await host.shutdown();
  });

  registerRequests(connection, engine, { ...host, resync });
  connection.listen();
}
