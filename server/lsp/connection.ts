/** The language server's connection, as this process's arguments name it; its messages are noted in the log. */
import { Console } from 'node:console';
import {
  type Connection,
  createConnection,
  type Event,
  IPCMessageReader,
  IPCMessageWriter,
  type Message,
  type MessageWriter,
  ProposedFeatures,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { log } from '../engine/log/log';

/** @param argv --node-ipc or --stdio */
export function openConnection(argv: readonly string[] = process.argv): Connection {
  // Answers are told by what was asked for: by us, and by the client.
  const ours = new Map<string, string>();
  const theirs = new Map<string, string>();
  const options = {
    messageStrategy: {
      handleMessage: (message: Message, next: (message: Message) => void): void => {
        log.rpc('←', message, 'method' in message ? theirs : ours);
        next(message);
      },
    },
  };
  const noted = (writer: MessageWriter): MessageWriter =>
    new NotedWriter(writer, (message) => log.rpc('→', message, 'method' in message ? ours : theirs));
  if (argv.includes('--node-ipc')) {
    const writer = noted(new IPCMessageWriter(process));
    return createConnection(ProposedFeatures.all, new IPCMessageReader(process), writer, options);
  }
  if (!argv.includes('--stdio')) return createConnection(ProposedFeatures.all, options);
  // Standard output is the protocol's: what a library says goes beside it.
  globalThis.console = new Console(process.stderr, process.stderr);
  // A stream and a writer serve as well as two of a kind, which the types demand; of the stream the library notices the end.
  const writer = noted(new StreamMessageWriter(process.stdout)) as unknown as NodeJS.WritableStream;
  return createConnection(ProposedFeatures.all, process.stdin, writer, options);
}

class NotedWriter implements MessageWriter {
  readonly onError: MessageWriter['onError'];
  readonly onClose: Event<void>;

  constructor(
    private readonly writer: MessageWriter,
    private readonly note: (message: Message) => void,
  ) {
    this.onError = writer.onError;
    this.onClose = writer.onClose;
  }

  write(message: Message): Promise<void> {
    this.note(message);
    return this.writer.write(message);
  }
  end(): void {
    this.writer.end();
  }
  dispose(): void {
    this.writer.dispose();
  }
}
