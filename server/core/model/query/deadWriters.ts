import type { Blocked } from '../entities/blocked';
import type { Channel } from '../entities/channel';
import type { Process } from '../entities/process';
import type { Waits } from './waits';

/** A queue whose write lock belongs to a dead process. */
interface DeadWriter {
  /** Processes that may hold it. A process that died during a write is the only one. */
  readonly owners: readonly Process[];
  /** It certainly died during a write. */
  readonly certain: boolean;
  /** Threads that wait for the lock. */
  readonly waiting: readonly Blocked[];
}

/** The lock counts as lost if no send completes for this long while a thread waits for it, ns. A shorter delay may be a slow writer. */
const PATIENCE = 1e9;

/** The dead writer that took a queue's write lock with it, so that no process can put to the queue. Null: the lock is not lost. */
export function deadWriterOf(channel: Channel, waits: Waits): DeadWriter | null {
  if (!(channel.isQueue || channel.kind === 'SimpleQueue')) return null;
  const waiting = waits.all.filter((each) => each.channel === channel && each.operation === 'acquire');
  const isWriting = (each: Blocked) => each.channel === channel && each.operation === 'send';
  // A living writer holds the lock. Why its write blocks is another question.
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
