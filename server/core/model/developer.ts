/** What whoever debugs changed of the program's messages, and which messages those are. Times are monotonic ns. */
import type { DeveloperAction, DeveloperIntent } from '../../protocol/views';
import type { Channel } from './channels';
import { num, optionalNum, type RecordFields, str, strings } from './fields';
import type { Locations } from './locations';
import type { SessionModel } from './model';
import type { Image, Process } from './processes';
import { locationOf } from './waits';

const INTENTS: readonly DeveloperIntent[] = ['replace', 'drop', 'duplicate', 'delay'];
const MOST = 1000;

interface Done {
  readonly process: Process;
  readonly channel: Channel | null;
  readonly action: DeveloperIntent;
  readonly operation: string;
  readonly at: number;
  readonly line: number;
  readonly seconds: number;
}

export class Developer {
  private readonly done: Done[] = [];
  /** What a thread sends next was changed. */
  private readonly coming = new Map<string, { at: number; bits: number; left: number }>();
  /** Messages that were changed when they had come, by their receives. */
  private readonly received = new Map<string, number>();
  changed = false;

  /** Whether any thread's next message is one that was changed: else nobody need ask. */
  get waits(): boolean {
    return this.coming.size > 0;
  }

  record(model: SessionModel, image: Image, record: RecordFields, at: number): void {
    const action = INTENTS.find((each) => each === str(record, 'action'));
    if (action === undefined) return;
    const bits = 1 << INTENTS.indexOf(action);
    const keyed = strings(record, 'keys').map((key) => model.channels.keyed(key)?.channel);
    const known = model.channels.byGid.get(num(record, 'id')) ?? model.channels.ends.get(num(record, 'id'))?.channel;
    this.changed = true;
    if (this.done.length < MOST)
      this.done.push({
        process: image.process,
        channel: known ?? keyed.find((each) => each !== undefined) ?? null,
        action,
        operation: str(record, 'op'),
        at,
        line: locationOf(image, num(record, 'loc')),
        seconds: num(record, 'seconds'),
      });
    const seq = optionalNum(record, 'seq');
    if (str(record, 'phase') === 'after') {
      if (seq === null) return;
      const key = `${image.number} ${seq % 2 ** 32}`;
      this.received.set(key, (this.received.get(key) ?? 0) | bits);
    } else if (action !== 'drop') {
      const key = `${image.number} ${num(record, 'thread')}`;
      const before = this.coming.get(key);
      const left = action === 'duplicate' ? 2 : (before?.left ?? 1);
      this.coming.set(key, { at, bits: (before?.bits ?? 0) | bits, left });
    }
  }

  /** A thread sends, or puts: how its message was changed. */
  sent(image: Image, thread: number, at: number): number {
    const key = `${image.number} ${thread}`;
    const found = this.coming.get(key);
    if (found === undefined || at < found.at) return 0;
    found.left--;
    if (found.left === 0) this.coming.delete(key);
    return found.bits;
  }

  /** How the message of a receive was changed. */
  receivedAs(image: number, seq: number): number {
    return this.received.size === 0 ? 0 : (this.received.get(`${image} ${seq}`) ?? 0);
  }

  views(origin: number, locations: Locations): readonly DeveloperAction[] {
    return this.done.map((each) => ({
      processId: each.process.id,
      channelId: each.channel?.id ?? null,
      action: each.action,
      operation: each.operation,
      atMs: Math.round((each.at - origin) / 1e3) / 1e3,
      line: locations.line(each.line),
      seconds: each.seconds,
    }));
  }
}

export function intentsOf(bits: number): readonly DeveloperIntent[] {
  return INTENTS.filter((_, index) => (bits & (1 << index)) !== 0);
}
