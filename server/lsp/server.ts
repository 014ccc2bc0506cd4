/**
 * The language server's face of the engine: the standard handshake, the stream of updates, the project's requests.
 * Language features are registered here as they come.
 */
import * as l10n from '@vscode/l10n';
import { type Connection, type InitializeResult, TextDocumentSyncKind } from 'vscode-languageserver/node';
import { type InitializationOptions, MuteFindings, Ready, SessionFolder, Update } from '../protocol/stream';
import type { SessionId } from '../protocol/views';
import type { Engine } from '../session/types';
import { type RequestHost, registerRequests } from './requests';

export interface LanguageServerHost extends RequestHost {
  /** Calls back for every session that a debug session starts. Returns the function that stops it. */
  onSessionFolder(listener: (session: { sessionId: SessionId; folder: string }) => void): () => void;
  /** The client said goodbye: give up sockets and files; programs under view run on. */
  shutdown(): Promise<void>;
}

function useBundle(options: InitializationOptions | undefined): void {
  const bundle = options?.l10nBundle;
  if (typeof bundle === 'object' && bundle !== null && !Array.isArray(bundle)) {
    // Copied, because the library's type wants arrays that can be written to.
    l10n.config({ contents: JSON.stringify(bundle) });
  }
}

const isText = (value: unknown): value is string => typeof value === 'string';

/** Registers everything on the connection and starts listening on it. */
export function startLanguageServer(connection: Connection, engine: Engine, host: LanguageServerHost): void {
  const stops: (() => void)[] = [];

  connection.onInitialize((params): InitializeResult => {
    const options = params.initializationOptions as InitializationOptions | undefined;
    useBundle(options);
    if (Array.isArray(options?.mutedFindings)) engine.muteFindings(options.mutedFindings.filter(isText));
    return {
      capabilities: { textDocumentSync: TextDocumentSyncKind.None },
      serverInfo: { name: 'Forkscope' },
    };
  });

  connection.onInitialized(() => {
    stops.push(
      engine.onUpdate((update) => void connection.sendNotification(Update, update)),
      host.onSessionFolder((session) => void connection.sendNotification(SessionFolder, session)),
    );
    void connection.sendNotification(Ready);
    // A server that was restarted may have sessions before its client knows: the stream begins with everything.
    void connection.sendNotification(Update, engine.resync());
  });

  connection.onNotification(MuteFindings.method, (params: unknown) => {
    const codes = (params as { codes?: unknown } | null)?.codes;
    if (Array.isArray(codes)) engine.muteFindings(codes.filter(isText));
  });

  connection.onShutdown(async () => {
    for (const stop of stops.splice(0)) {
      stop();
    }
    await host.shutdown();
  });

  registerRequests(connection, engine, host);
  connection.listen();
}
