/** Where the line debuggers of a session's processes report; they find it by a file in the session's folder. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { log } from '../../engine/log/log';
import { HandshakeServer } from '../../engine/os/handshake';
import { FILE_LINES } from '../../protocol/vocabulary';
import { LineConnection } from './connection';

export interface JoiningProcess {
  readonly pid: number;
  readonly connection: LineConnection;
}

export class LineListener {
  private readonly handshake = new HandshakeServer();
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly file: string,
    private readonly server: Server,
    private readonly joined: (process: JoiningProcess) => void,
  ) {}

  /**
   * Listens on a port of this machine only; both sides have to know the word that is in the folder, which only the user can read.
   * @param debugpy the folder of the package
   */
  static async open(folder: string, debugpy: string, joined: (process: JoiningProcess) => void): Promise<LineListener> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    // A connection that could not be accepted (too many open files) is that process's loss alone.
    server.on('error', (error) => log.swallowed('accepting a line debugger', error));
    const listener = new LineListener(join(folder, FILE_LINES), server, joined);
    server.on('connection', (socket) => listener.accept(socket));
    const { port } = server.address() as AddressInfo;
    const text = JSON.stringify({ port, word: listener.handshake.secret, home: dirname(debugpy) });
    writeFileSync(`${listener.file}.new`, text, { mode: 0o600 });
    renameSync(`${listener.file}.new`, listener.file);
    return listener;
  }

  /** Processes that start from now on are not debugged by line; processes that are resume. */
  dispose(): void {
    rmSync(this.file, { force: true });
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private accept(socket: Socket): void {
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    this.handshake.admit(
      socket,
      () => void this.begin(socket),
      (why) => log.note('handshake', `with a line debugger: ${why}`),
    );
  }

  private async begin(socket: Socket): Promise<void> {
    const connection = new LineConnection(socket);
    try {
      const { process } = (await connection.request('pydevdSystemInfo')) as { process?: { pid?: unknown } };
      if (typeof process?.pid !== 'number') throw new Error('no process');
      connection.topic = `debugpy ${process.pid}`;
      this.joined({ pid: process.pid, connection });
    } catch (error) {
      log.swallowed('asking a line debugger for its process', error);
      connection.close();
    }
  }
}
