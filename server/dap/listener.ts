/** The local socket on which debug sessions connect: reachable by this user only. */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ForkscopeDebugAdapter } from './adapter';
import type { AdapterHost } from './ports';

/** Longest path that a unix socket's address has room for (104 bytes on macOS, with the ending zero). */
const ADDRESS_LIMIT = 103;

/** `folder`: to be deleted with the socket; null where the address is no file. */
async function address(): Promise<{ path: string; folder: string | null }> {
  if (process.platform === 'win32') {
    return { path: `\\\\.\\pipe\\forkscope-${randomBytes(16).toString('hex')}`, folder: null };
  }
  // mkdtemp makes folders that only their owner may enter, and that is the socket's protection.
  const name = path.join('forkscope-dap-', 'dap.sock').length + 'XXXXXX'.length;
  const base = Buffer.byteLength(tmpdir()) + 1 + name <= ADDRESS_LIMIT ? tmpdir() : '/tmp';
  const folder = await mkdtemp(path.join(base, 'forkscope-dap-'));
  return { path: path.join(folder, 'dap.sock'), folder };
}

export class DapListener {
  private opening: Promise<string> | null = null;
  private server: Server | null = null;
  private folder: string | null = null;
  private readonly sockets = new Set<Socket>();

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
    for (const socket of this.sockets) {
      socket.destroy();
    }
    if (this.folder !== null) {
      rmSync(this.folder, { recursive: true, force: true });
      this.folder = null;
    }
  }

  private async open(): Promise<string> {
    const { path: where, folder } = await address();
    this.folder = folder;
    const server = createServer((socket) => this.accept(socket));
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(where, resolve);
    });
    return where;
  }

  private accept(socket: Socket): void {
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    new ForkscopeDebugAdapter(this.host, socket);
  }
}
