import type { Blocked } from '../entities/blocked';
import type { Channel } from '../entities/channel';
import type { Process } from '../entities/process';
import type { Waits } from './waits';

/** A queue whose writing lock a dead process has. */
interface DeadWriter {
  /** Processes that may hold it. One that died in the middle of a write is the only one. */
  readonly owners: readonly Process[];
  /** It is known to have died in a write. */
  readonly certain: boolean;
  /** Threads that wait for the lock. */
  readonly waiting: readonly Blocked[];
}

/** The lock counts as lost if for so long no send completes while a thread waits for it, ns: a writer may just be slow. */
const PATIENCE = 1e9;

/** Whether the writing lock of a queue is lost with its owner: then no process can put anything into it any more; null when it is not. */
export function deadWriterOf(channel: Channel, waits: Waits): DeadWriter | null {
  if (!(channel.isQueue || channel.kind === 'SimpleQueue')) return null;
  const waiting = waits.all.filter((each) => each.channel === channel && each.operation === 'acquire');
  const isWriting = (each: Blocked) => each.channel === channel && each.operation === 'send';
  // A living writer has it: a write that blocks is a matter of its own.
  if (waits.all.some(isWriting)) return null;
  const dead = waits.model.processes.all.filter((each) => !waits.lives(each));
  const owners = dead.filter(
    (each) => waits.model.blocked.atEnd(each).some(isWriting) && channel.lastSendAt <= each.endedAt,
  );
  if (owners.length > 0) return { owners, certain: true, waiting };
  const [first] = waiting;
  if (first === undefined) return null;
  const since = Math.min(...waiting.map((each) => each.since));
  if (channel.lastSendAt > since || waits.now - since < PATIENCE) return null;
  const had = new Set(channel.uses.filter((each) => each.end.mode.includes('w')).map((each) => each.process));
  const gone = dead.filter((each) => had.has(each) && each.endedAt <= since + PATIENCE);
  return gone.length === 0 ? null : { owners: gone, certain: false, waiting };
}
