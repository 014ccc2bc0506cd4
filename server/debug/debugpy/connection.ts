/** One process's line debugger (debugpy), which speaks the Debug Adapter Protocol: requests to it, events from it. */
import type { Socket } from 'node:net';
import { log } from '../../engine/log/log';
import { FrameReader } from './frames';

interface LineEvents {
  /** One event at a time, in order: the next one waits for the promise. */
  event(name: string, body: Readonly<Record<string, unknown>>): void | Promise<void>;
  closed(): void;
}

interface Answer {
  readonly type: string;
  readonly request_seq?: number;
  readonly success?: boolean;
  readonly message?: string;
  readonly event?: string;
  readonly body?: Readonly<Record<string, unknown>>;
}

interface Waiting {
  resolve(body: Readonly<Record<string, unknown>>): void;
  reject(error: Error): void;
}

export class LineConnection {
  private last = 0;
  private readonly waiting = new Map<number, Waiting>();
  private events: LineEvents | null = null;
  private readonly early: Answer[] = [];
  private queue: Promise<void> = Promise.resolve();
  private endTold = false;
  private readonly ended = new AbortController();
  /** In the log. */
  topic = 'debugpy';

  constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    const reader = new FrameReader({
      message: (text) => this.read(text),
      broken: () => {
        log.note(this.topic, 'what it sends is no message of the protocol: the connection is given up');
        socket.destroy();
      },
    });
    socket.on('data', (chunk: Buffer) => reader.push(chunk));
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.end());
  }

  /** Its process is gone, or goes on without its line debugger. */
  get closed(): boolean {
    return this.ended.signal.aborted;
  }

  /** Aborts when it is closed. */
  get gone(): AbortSignal {
    return this.ended.signal;
  }

  /** From now on events go there, earlier ones first. */
  listen(events: LineEvents): void {
    this.events = events;
    for (const each of this.early.splice(0)) this.tell(each);
    if (this.closed) this.tellEnd();
  }

  /** The body of the answer. Rejects with what the debugger said, or that its process is gone. */
  request(command: string, args: object = {}): Promise<Readonly<Record<string, unknown>>> {
    return new Promise((resolve, reject) => {
      if (this.closed) {
        reject(new Error('The process is gone.'));
        return;
      }
      this.last += 1;
      this.waiting.set(this.last, { resolve, reject });
      const message = { seq: this.last, type: 'request', command, arguments: args };
      if (log.isVerbose) log.dap(this.topic, '←', message);
      const text = JSON.stringify(message);
      this.socket.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    });
  }

  /** The process goes on without its line debugger. */
  close(): void {
    this.socket.destroy();
  }

  private read(text: string): void {
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch (error) {
      log.swallowed(`reading what ${this.topic} says`, error);
      this.socket.destroy();
      return;
    }
    if (typeof message === 'object' && message !== null) this.take(message as Answer);
  }

  private take(message: Answer): void {
    if (log.isVerbose) log.dap(this.topic, '→', message);
    if (message.type === 'event') {
      if (this.events === null) this.early.push(message);
      else this.tell(message);
      return;
    }
    const waiting = this.waiting.get(message.request_seq ?? 0);
    this.waiting.delete(message.request_seq ?? 0);
    if (message.success === false) waiting?.reject(new Error(message.message || 'The line debugger refused it.'));
    else waiting?.resolve(message.body ?? {});
  }

  private tell(message: Answer): void {
    this.queue = this.queue
      .then(() => this.events?.event(message.event ?? '', message.body ?? {}))
      .catch((error: unknown) => {
        // what came of one event must not keep the next one
        log.swallowed(`the event ${message.event} of ${this.topic}`, error);
      });
  }

  private end(): void {
    this.ended.abort();
    for (const { reject } of this.waiting.values()) reject(new Error('The process is gone.'));
    this.waiting.clear();
    this.tellEnd();
  }

  /** Once, behind what it said last. */
  private tellEnd(): void {
    const { events } = this;
    if (events === null || this.endTold) return;
    this.endTold = true;
    this.queue = this.queue
      .then(() => events.closed())
      .catch(() => {
        // it is gone in any case
      });
  }
}
