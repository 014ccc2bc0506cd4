/** Where stopped threads report. */
import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { log } from '../../engine/log/log';
import { HandshakeServer } from '../../engine/os/handshake';
import { privateAddress } from './address';
import { type Introduction, Stopped } from './stopped';

/** A line longer than this is not from our runtime. */
const LONGEST = 64 * 2 ** 20;

interface StopEvents {
  stopped(stop: Stopped): void;
  /** It went on, or its process is gone. */
  left(stop: Stopped): void;
}

export class StopListener {
  private readonly handshake = new HandshakeServer();
  private readonly sockets = new Set<Socket>();

  private constructor(
    readonly path: string,
    private readonly folder: string | null,
    private readonly server: Server,
    private readonly events: StopEvents,
  ) {}

  /** Rejects when no socket can be opened. */
  static async open(events: StopEvents): Promise<StopListener> {
    const { path, folder } = await privateAddress('stops');
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
    // A connection that could not be accepted (too many open files) is that thread's loss alone: it goes on.
    server.on('error', (error) => log.swallowed('accepting a thread that stops', error));
    const listener = new StopListener(path, folder, server, events);
    server.on('connection', (socket) => listener.accept(socket));
    return listener;
  }

  /** What a process has to know; see HandshakeServer. */
  get secret(): string {
    return this.handshake.secret;
  }

  /** Every stopped thread goes on: to it the debugger is gone. */
  dispose(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    if (this.folder !== null) rmSync(this.folder, { recursive: true, force: true });
  }

  private accept(socket: Socket): void {
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    this.handshake.admit(
      socket,
      () => this.converse(socket),
      (why) => log.note('handshake', `with a thread that stops: ${why}`),
    );
  }

  private converse(socket: Socket): void {
    let stop: Stopped | null = null;
    let pending: Buffer[] = [];
    let length = 0;
    const line = (text: string): void => {
      if (stop !== null) {
        stop.take(text);
        return;
      }
      const told = JSON.parse(text) as Introduction;
      if (told.type !== 'stop') throw new Error('not one of ours');
      stop = new Stopped(told, socket);
      this.events.stopped(stop);
    };
    socket.on('data', (chunk: Buffer) => {
      try {
        for (let rest = chunk; rest.length > 0; ) {
          const end = rest.indexOf(10);
          pending.push(end < 0 ? rest : rest.subarray(0, end));
          length += rest.length;
          if (length > LONGEST) throw new Error('too long');
          if (end < 0) return;
          const text = Buffer.concat(pending).toString('utf8');
          pending = [];
          length = 0;
          rest = rest.subarray(end + 1);
          line(text);
        }
      } catch (error) {
        log.swallowed('reading what a stopped thread says', error);
        socket.destroy();
      }
    });
    socket.once('close', () => {
      if (stop !== null) {
        stop.gone();
        this.events.left(stop);
      }
    });
  }
}
