/** The program's output on its way to the debug console: whole characters, few large events, never more than the editor takes. */
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { log } from '../engine/log/log';

type OutputCategory = 'stdout' | 'stderr';

/** Where the output goes. */
export interface OutputSink {
  send(category: OutputCategory, text: string): void;
  /** Resolves when the other side has taken enough of what was sent for more to be welcome. */
  ready(): Promise<void>;
}

/** Largest text of one event, in UTF-16 units. */
const BATCH = 64 * 1024;
/** How long a first piece waits for company, ms. */
const DELAY = 20;

/**
 * Reads the streams of a program and sends what they say in order of arrival.
 * While the sink is not ready nothing is read, so a program that prints faster than the editor takes is slowed by its
 * pipe, as a terminal would slow it.
 */
export class OutputPump {
  private category: OutputCategory = 'stdout';
  private text = '';
  private timer: NodeJS.Timeout | null = null;
  /** Every piece of work waits for the one before: keeps the order while the sink is not ready. */
  private sending: Promise<void> = Promise.resolve();
  /** Bytes read so far. */
  received = 0;

  constructor(private readonly sink: OutputSink) {}

  /** Resolves when the stream ended and all that it said was sent. */
  async read(stream: Readable, category: OutputCategory): Promise<void> {
    const decoder = new StringDecoder('utf8');
    try {
      for await (const chunk of stream) {
        this.received += (chunk as Buffer).length;
        await this.add(category, decoder.write(chunk as Buffer));
      }
    } catch (error) {
      log.swallowed(`reading the program's ${category}`, error);
      // A pipe that breaks is at its end; how the program fared is told by its exit.
    }
    await this.add(category, decoder.end());
    await this.flush();
  }

  private async add(category: OutputCategory, text: string): Promise<void> {
    if (text === '') {
      return;
    }
    if (category !== this.category && this.text !== '') {
      void this.flush();
    }
    this.category = category;
    this.text += text;
    if (this.text.length >= BATCH) {
      await this.flush();
    } else {
      this.timer ??= setTimeout(() => void this.flush(), DELAY);
    }
  }

  /** Sends what waits; resolves when the sink is ready for more. */
  flush(): Promise<void> {
    if (this.timer !== null) {
      clearTimeout(this.timer);
      this.timer = null;
    }
    const { category, text } = this;
    this.text = '';
    if (text !== '') {
      this.sending = this.sending.then(async () => {
        this.sink.send(category, text);
        await this.sink.ready();
      });
    }
    return this.sending;
  }
}
