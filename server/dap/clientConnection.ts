/** The connection to one client: reads its messages, whatever they are, and sends ours. */
import type { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { Event, OutputEvent, TerminatedEvent } from '@vscode/debugadapter';
import { ProtocolServer } from '@vscode/debugadapter/lib/protocol';
import type { DebugProtocol } from '@vscode/debugprotocol';
import * as l10n from '@vscode/l10n';
import { FrameReader } from '../debug/debugpy/frames';
import { log } from '../engine/log/log';
import { type DapEventName, type DapEvents, dapName } from '../protocol/dap';
import { plainLines, stackLines } from '../protocol/plain';
import { clientBroke, passedOver } from './errors';

export abstract class ClientConnection extends ProtocolServer {
  /**
   * @param topic in the log
   * @param complained receives what is wrong with the client, beside the client itself
   */
  constructor(
    protected readonly socket: Socket,
    protected readonly topic: string,
    private readonly complained: (text: string) => void,
  ) {
    super();
    this.onDidSendMessage((message) => log.dap(this.topic, '→', message));
    // An emitter without a listener for it throws what it emits as 'error'.
    this.on('error', () => socket.destroy());
    socket.once('close', () => {
      log.note(this.topic, 'its client is gone');
      this.leave();
      log.stop(this);
    });
    // The library's own reader knows one spelling of one header, and stalls at any other: it gets nothing to read.
    this.start(new PassThrough(), socket);
    const reader = new FrameReader({
      message: (text) => this.read(text),
      broken: (reason) => this.give(reason),
    });
    socket.on('data', (chunk: Buffer) => reader.push(chunk));
    socket.once('end', () => {
      if (!reader.isBetween) this.complain(clientBroke(l10n.t('it ended in the middle of a message')));
    });
  }

  /** The client is gone. */
  protected abstract leave(): void;

  protected sendOwn<N extends DapEventName>(name: N, body: DapEvents[N]): void {
    this.sendEvent(new Event(dapName(name), body));
  }

  /** A sentence for the user, in the debug console. */
  say(text: string): void {
    if (!this.socket.destroyed) this.sendEvent(new OutputEvent(plainLines(stackLines(text)), 'console'));
  }

  protected complain(text: string): void {
    this.complained(text);
    this.say(text);
  }

  /** Skips what is not a message, with a sentence about it: the next one may be sound. */
  private read(text: string): void {
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch (error) {
      log.swallowed(`${this.topic}: what its client sent is passed over`, error);
      this.complain(passedOver((error as Error).message));
      return;
    }
    const { type, seq, command } = (message ?? {}) as Partial<DebugProtocol.Request>;
    log.dap(this.topic, '←', message);
    if (type === 'request' && typeof seq === 'number' && typeof command === 'string')
      this.dispatchRequest(message as DebugProtocol.Request);
    else if (type === 'response') this.handleMessage(message as DebugProtocol.ProtocolMessage);
    else if (type !== 'event') this.complain(passedOver(l10n.t('it is no request of the Debug Adapter Protocol')));
  }

  /** The client does not speak the protocol: it learns so, and the connection ends. */
  private give(reason: string): void {
    this.complain(clientBroke(reason));
    this.sendEvent(new TerminatedEvent());
    this.socket.end();
  }
}
