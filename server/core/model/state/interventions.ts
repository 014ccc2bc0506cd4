import type { DeveloperIntent } from '../../../protocol/views';
import type { Channel } from '../entities/channel';
import type { Image, Process } from '../entities/process';

/** In the order of their bits in a message's entry. */
const INTENTS: readonly DeveloperIntent[] = ['replace', 'drop', 'duplicate', 'delay'];
const MOST = 1000;

/** An intervention on a message at a pause. Times are monotonic ns. */
export interface Intervention {
  readonly process: Process;
  readonly channel: Channel | null;
  readonly action: DeveloperIntent;
  readonly operation: string;
  readonly at: number;
  readonly line: number;
  readonly seconds: number;
}

/** Interventions on the program's messages, and the messages concerned. */
export class Interventions {
  /** The first ones, in order of time. */
  readonly all: Intervention[] = [];
  /** Threads whose next send was changed. */
  private readonly coming = new Map<string, { at: number; bits: number; left: number }>();
  /** Messages that were changed after their arrival, by their receives. */
  private readonly received = new Map<string, number>();

  /** Whether any thread's next message is a changed one. If not, `sent` need not be called. */
  get waits(): boolean {
    return this.coming.size > 0;
  }

  add(intervention: Intervention): void {
    if (this.all.length < MOST) this.all.push(intervention);
  }
  /** A message was changed after it had arrived. @param seq of its receive */
  changedReceived(image: Image, seq: number, action: DeveloperIntent): void {
    const key = `${image.number} ${seq % 2 ** 32}`;
    this.received.set(key, (this.received.get(key) ?? 0) | bitOf(action));
  }
  /** This thread's next message was changed. */
  changedNext(image: Image, thread: number, action: DeveloperIntent, at: number): void {
    const key = `${image.number} ${thread}`;
    const before = this.coming.get(key);
    const left = action === 'duplicate' ? 2 : (before?.left ?? 1);
    this.coming.set(key, { at, bits: (before?.bits ?? 0) | bitOf(action), left });
  }

  /** A thread sends or puts: returns the interventions on its message, as bits. */
  sent(image: Image, thread: number, at: number): number {
    const key = `${image.number} ${thread}`;
    const found = this.coming.get(key);
    if (found === undefined || at < found.at) return 0;
    found.left--;
    if (found.left === 0) this.coming.delete(key);
    return found.bits;
  }

  /** The interventions on the message of a receive, as bits. */
  receivedAs(image: number, seq: number): number {
    return this.received.size === 0 ? 0 : (this.received.get(`${image} ${seq}`) ?? 0);
  }
}

/** The intent of this name, if it is one. */
export function intentOf(name: string): DeveloperIntent | undefined {
  return INTENTS.find((each) => each === name);
}
export function intentsOf(bits: number): readonly DeveloperIntent[] {
  return INTENTS.filter((each) => (bits & bitOf(each)) !== 0);
}
function bitOf(action: DeveloperIntent): number {
  return 1 << INTENTS.indexOf(action);
}
