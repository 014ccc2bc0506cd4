/** The server and the command line built as they ship, and the client side of such a server. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import { SessionFolder, Update, type UpdateParams } from '../../server/protocol/stream';
import { ask } from './ask';

const root = path.resolve(import.meta.dirname, '../..');

/** Builds into a temporary folder and returns it; the caller deletes it. */
export async function buildServer(): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'fsbuilt-'));
  for (const [entry, name] of [
    ['server/main.ts', 'server.js'],
    ['server/command.ts', 'cli.js'],
  ] as const) {
    await build({
      entryPoints: [path.join(root, entry)],
      outfile: path.join(folder, name),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      logLevel: 'error',
      mainFields: ['module', 'main'],
    });
  }
  cpSync(path.join(root, 'server/runtime'), path.join(folder, 'runtime'), { recursive: true });
  return folder;
}

export class BuiltServer {
  readonly updates: UpdateParams[] = [];
  readonly folders: { sessionId: string; folder: string }[] = [];
  private constructor(
    readonly process: ChildProcess,
    readonly client: MessageConnection,
  ) {}

  static async start(folder: string): Promise<BuiltServer> {
    const child = fork(path.join(folder, 'server.js'), ['--node-ipc'], { execArgv: [] });
    const client = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
    // A test that kills the server breaks the connection on purpose.
    client.onError(() => {});
    const server = new BuiltServer(child, client);
    client.onNotification(Update, (update) => void server.updates.push(update));
    client.onNotification(SessionFolder, (session) => void server.folders.push(session));
    client.listen();
    await client.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities: {} });
    await client.sendNotification('initialized', {});
    return server;
  }

  async socket(): Promise<string> {
    return (await ask(this.client, 'dap')).path;
  }

  async kill(): Promise<void> {
    const where = path.dirname(await this.socket());
    const ended = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await ended;
    this.client.dispose();
    rmSync(where, { recursive: true, force: true });
  }

  async stop(): Promise<void> {
    const ended = once(this.process, 'exit');
    await this.client.sendRequest('shutdown');
    await this.client.sendNotification('exit');
    await ended;
    this.client.dispose();
  }
}
