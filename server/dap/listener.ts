/** The local socket on which debug sessions connect: reachable by this user only. */
import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { privateAddress } from '../debug/pauses/address';
import { log } from '../engine/log/log';
import { ForkscopeDebugAdapter } from './adapter';
import type { AdapterHost } from './ports';

export class DapListener {
  private opening: Promise<string> | null = null;
  private server: Server | null = null;
  private folder: string | null = null;
  /** Debug sessions until now. */
  private accepted = 0;
  private readonly sockets = new Map<Socket, ForkscopeDebugAdapter>();

  constructor(private readonly host: AdapterHost) {}

  /** Opens the socket when it is not open yet; the same path every time. Rejects when it cannot be opened. */
  path(): Promise<string> {
    this.opening ??= this.open().catch((error: unknown) => {
      this.opening = null;
      throw error;
    });
    return this.opening;
  }

  /** Closes the socket and its connections; programs that were started run on. */
  dispose(): void {
    this.server?.close();
    for (const socket of this.sockets.keys()) {
      socket.destroy();
    }
    if (this.folder !== null) {
      rmSync(this.folder, { recursive: true, force: true });
      this.folder = null;
    }
  }

  /** A sentence for the users of all debug sessions. */
  say(text: string): void {
    for (const adapter of this.sockets.values()) adapter.say(text);
  }

  private async open(): Promise<string> {
    const { path: where, folder } = await privateAddress('dap');
    this.folder = folder;
    const server = createServer((socket) => this.accept(socket));
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(where, resolve);
    });
    // A connection that could not be accepted (too many open files) is that client's loss alone.
    server.on('error', (error) => {
      log.swallowed('accepting a debug session', error);
      this.host.complain?.(error.message);
    });
    return where;
  }

  private accept(socket: Socket): void {
    this.accepted += 1;
    socket.once('close', () => this.sockets.delete(socket));
    this.sockets.set(socket, new ForkscopeDebugAdapter(this.host, socket, this.accepted));
  }
}
