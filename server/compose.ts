/** Joins the engine with its two faces of the editor: the language server, and the debug adapter's socket that it reveals. */
import { EventEmitter } from 'node:events';
import type { Connection } from 'vscode-languageserver/node';
import type { Parser } from 'web-tree-sitter';
import { DapListener } from './dap/listener';
import type { Launcher } from './dap/ports';
import type { Engine } from './engine/session/types';
import { startLanguageServer } from './lsp/server';
import type { PrepareParams } from './protocol/requests';
import type { PreparedSession } from './protocol/stream';
import type { SessionId } from './protocol/views';

interface Events {
  session: [{ sessionId: SessionId; folder: string }];
}

interface Parts {
  readonly connection: Connection;
  readonly engine: Engine;
  readonly launcher: Launcher;
  /** True for a session folder that a launcher of ours made. */
  ownsFolder(folder: string): boolean;
  /** Makes the session folder of a program that another debugger starts. */
  prepare(params: PrepareParams): PreparedSession;
  /** Notes in a session folder that this server's client shows it. */
  watch(folder: string): void;
  /** The parser of Python for the checks of source text. */
  loadParser(): Promise<Parser>;
}

interface Serving {
  /** A sentence for the users of the language server, and of all debug sessions. */
  say(text: string): void;
}

/** Starts serving. The socket is opened by the first request for it; it goes when the process goes. */
export function serve({ connection, engine, launcher, ownsFolder, prepare, watch, loadParser }: Parts): Serving {
  const events = new EventEmitter<Events>();
  const listener = new DapListener({
    engine,
    launcher,
    sessionStarted: (session) => {
      events.emit('session', session);
    },
    complain: (text) => connection.console.warn(text),
  });
  // Not only after a proper goodbye: the connection's watchdog ends this process when the editor is gone.
  process.once('exit', () => listener.dispose());
  startLanguageServer(connection, engine, {
    dapEndpoint: async () => ({ path: await listener.path() }),
    ownsFolder,
    prepare,
    watch,
    loadParser,
    onSessionFolder: (callback) => {
      events.on('session', callback);
      return () => events.off('session', callback);
    },
    shutdown: async () => {
      listener.dispose();
      await engine.dispose();
    },
  });
  return {
    say: (text) => {
      connection.console.error(text);
      listener.say(text);
    },
  };
}
