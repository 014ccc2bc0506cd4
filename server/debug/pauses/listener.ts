/** Where paused threads report. */
import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { log } from '../../engine/log/log';
import { HandshakeServer } from '../../engine/os/handshake';
import { LineSplitter } from '../../shared/lineSplitter';
import { privateAddress } from './address';
import { PausedThread, type PauseInfo } from './pausedThread';

/** A line longer than this is not from our runtime. */
const LONGEST = 64 * 2 ** 20;

interface PauseEvents {
  paused(thread: PausedThread): void;
  /** It was resumed, or its process is gone. */
  left(thread: PausedThread): void;
}

export class PauseListener {
  private readonly handshake = new HandshakeServer();
  private readonly sockets = new Set<Socket>();

  private constructor(
    readonly path: string,
    private readonly folder: string | null,
    private readonly server: Server,
    private readonly events: PauseEvents,
  ) {}

  /** Rejects when no socket can be opened. */
  static async open(events: PauseEvents): Promise<PauseListener> {
    const { path, folder } = await privateAddress('stops');
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
    // A connection that could not be accepted (too many open files) is that thread's loss alone: it resumes.
    server.on('error', (error) => log.swallowed('accepting a thread that pauses', error));
    const listener = new PauseListener(path, folder, server, events);
    server.on('connection', (socket) => listener.accept(socket));
    return listener;
  }

  /** What a process has to know; see HandshakeServer. */
  get secret(): string {
    return this.handshake.secret;
  }

  /** Every paused thread resumes: to it the debugger is gone. */
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
      (why) => log.note('handshake', `with a thread that pauses: ${why}`),
    );
  }

  private converse(socket: Socket): void {
    let paused: PausedThread | null = null;
    const lines = new LineSplitter(LONGEST, (text) => {
      if (paused !== null) {
        paused.take(text);
        return;
      }
      const info = JSON.parse(text) as PauseInfo;
      if (info.type !== 'stop') throw new Error('not one of ours');
      paused = new PausedThread(info, socket);
      this.events.paused(paused);
    });
    socket.on('data', (chunk: Buffer) => {
      try {
        if (!lines.push(chunk)) throw new Error('too long');
      } catch (error) {
        log.swallowed('reading what a paused thread says', error);
        socket.destroy();
      }
    });
    socket.once('close', () => {
      if (paused !== null) {
        paused.gone();
        this.events.left(paused);
      }
    });
  }
}
