/** A debug client on a local socket that also answers the adapter's reverse requests and stores all events. */
import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { DebugClient } from '@vscode/debugadapter-testsupport';
import type { DebugProtocol } from '@vscode/debugprotocol';

export class SocketClient extends DebugClient {
  readonly events: DebugProtocol.Event[] = [];
  readonly terminals: DebugProtocol.RunInTerminalRequestArguments[] = [];
  /** Answers runInTerminal; a thrown error's message becomes that of the failure. Null never answers. */
  onTerminal: ((args: DebugProtocol.RunInTerminalRequestArguments) => void) | null = () => {};
  /** Complete error responses. */
  readonly failures: DebugProtocol.ErrorResponse[] = [];

  private constructor(readonly socket: Socket) {
    super('node', '', 'forkscope');
    // The base class has one private entry point for every message, and handles no requests of the adapter.
    const self = this as unknown as { dispatch(text: string): void };
    const base = self.dispatch.bind(this);
    self.dispatch = (text) => {
      const message = JSON.parse(text) as DebugProtocol.ProtocolMessage;
      if (message.type === 'request') {
        this.reverse(message as DebugProtocol.Request);
        return;
      }
      if (message.type === 'event') {
        this.events.push(message as DebugProtocol.Event);
      } else if (!(message as DebugProtocol.Response).success) {
        this.failures.push(message as DebugProtocol.ErrorResponse);
      }
      base(text);
    };
  }

  static async connect(path: string): Promise<SocketClient> {
    const socket = createConnection(path);
    await once(socket, 'connect');
    const client = new SocketClient(socket);
    client.connect(socket, socket);
    return client;
  }

  /** The first matching event of that name, whether received already or later. */
  async event(name: string, fits: (event: DebugProtocol.Event) => boolean = () => true): Promise<DebugProtocol.Event> {
    for (;;) {
      const found = this.events.find((event) => event.event === name && fits(event));
      if (found !== undefined) {
        return found;
      }
      await once(this, name);
    }
  }

  names(): string[] {
    return this.events.map((event) => event.event);
  }

  output(category: string): string {
    return this.events
      .filter((event) => event.event === 'output' && event.body.category === category)
      .map((event) => event.body.output)
      .join('');
  }

  /** Initializes and launches as the editor does. */
  async run(args: object, initialize: Partial<DebugProtocol.InitializeRequestArguments> = {}): Promise<void> {
    await this.initializeRequest({ adapterID: 'forkscope', pathFormat: 'path', ...initialize });
    const launched = this.launchRequest({ lineDebugging: 'off', ...args } as DebugProtocol.LaunchRequestArguments);
    await Promise.race([this.event('initialized'), launched]);
    await Promise.all([launched, this.configurationDoneRequest()]);
  }

  private reverse(request: DebugProtocol.Request): void {
    const args = request.arguments as DebugProtocol.RunInTerminalRequestArguments;
    this.terminals.push(args);
    this.emit('terminal');
    if (this.onTerminal === null) {
      return;
    }
    let failure: string | undefined;
    try {
      this.onTerminal(args);
    } catch (error) {
      failure = (error as Error).message;
    }
    const json = JSON.stringify({
      type: 'response',
      seq: 0,
      request_seq: request.seq,
      command: request.command,
      success: failure === undefined,
      message: failure,
      body: {},
    });
    this.socket.write(`Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`);
  }
}
