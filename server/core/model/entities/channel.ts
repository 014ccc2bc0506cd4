import type { ChannelKind, EndpointMode, Owner } from '../../../protocol/views';
import { Halves } from '../structures/halves';
import { History, Rate } from '../structures/history';
import type { Pool } from './pool';
import type { Image, Process } from './process';
import type { PutOrder } from './putOrder';
import { Tracked } from './tracked';

/** The last operation of a thread of a process that has ended, which may have been a send that was not recorded. */
export interface UnfinishedSend {
  readonly image: Image;
  readonly end: End;
  /** Line, as the session numbers them. */
  readonly line: number;
  /** Monotonic ns. */
  readonly at: number;
}

/** One direction of a channel: the k-th send is the k-th receive. */
export class Direction {
  sends = 0;
  receives = 0;
  /** Sends that were recycled before they were read: no list has them. */
  unlisted = 0;
  /** Messages sent and not received yet. */
  readonly unreceived = new Halves();
  /** Messages that were received, and whose send is not known, or not yet. */
  readonly early = new Halves();
  /** Sends of processes that have ended, of which no event is known and no receive either. */
  readonly unfinished: UnfinishedSend[] = [];
}

/** What one process does with one end of a channel. */
export interface Use {
  readonly process: Process;
  readonly channel: Channel;
  readonly end: End;
  open: boolean;
  /** Monotonic ns; -1: before anything that was recorded of it. */
  readonly openedAt: number;
  /** Monotonic ns; -1 while it is open. */
  closedAt: number;
  sends: number;
  receives: number;
  /** A fork copied it; no process handed it over. */
  inherited: boolean;
  /** Where it was last used, as the session numbers lines; of a queue: the put or get. */
  lastLine: number;
  /** Monotonic ns of the newest send's begin and of the newest receive; -1: none. */
  lastSentAt: number;
  lastReceivedAt: number;
  /** The thread of that receive. */
  lastReceiver: number;
}

/** An end as it was declared: which directions it writes and reads. */
export interface End {
  readonly gid: number;
  readonly channel: Channel;
  readonly mode: EndpointMode;
  /** 0: the first end (a duplex pipe's first, a one-way pipe's reader); 1: the other. */
  readonly side: number;
  /** Whose use of it was asked for last, and that use: mostly it is asked for again. */
  recent: { readonly image: Image; readonly use: Use } | null;
}

/** Who writes to one end of a pipe, as far as several processes do it without a lock. */
class SharedEnd {
  /** The latest two that took turns while both lived. */
  pair: readonly [Use, Use] | null = null;
  /** How often the writer changed. */
  changes = 0;
  since = 0;
  private last: Use | null = null;

  used(use: Use, at: number): void {
    if (use.process.locksHeld > 0 || use.process === this.last?.process) return;
    if (this.last !== null && !this.last.process.ended) {
      if (this.changes++ === 0) this.since = at;
      this.pair = [this.last, use];
    }
    this.last = use;
  }
}

export class Channel extends Tracked {
  kind: ChannelKind = 'Connection';
  name = '';
  /** It was assigned to nothing: its name is a number. */
  isNumbered = false;
  /** Monotonic ns of the record that describes it. */
  describedAt = -1;
  names: readonly [string, string] | null = null;
  line = 0;
  owner: Owner = 'user';
  /** Whose internal queue of tasks or results it is. */
  pool: Pool | null = null;
  capacity = 0;
  duplex = false;
  /** Of a Connection: the sides that were recorded, as bits. */
  sides = 0;
  createdBy: Process | null = null;
  readonly directions: readonly [Direction, Direction] = [new Direction(), new Direction()];
  readonly uses: Use[] = [];
  puts = 0;
  drops = 0;
  bytesSent = 0;
  bytesReceived = 0;
  feederSends = 0;
  /** Items that ended with their process, in its feeder's buffer. */
  lostPuts = 0;
  /** Items that were sent by a put that never returned, since its process ended. */
  unput = 0;
  /** Monotonic ns of the latest send that was done; -1: none. */
  lastSendAt = -1;
  private depthMax = 0;
  /** Events of some process were lost: until its totals are read, and maybe afterwards, puts and gets are not counted in their order. */
  isLossy = false;
  tasksDone = 0;
  /** The largest message, and those of many megabytes. */
  readonly big = { count: 0, bytes: 0, largest: 0, line: 0, image: -1, since: 0 };
  /** Items that could not be sent. */
  readonly dropped: { image: number; line: number; at: number; why: string }[] = [];
  readonly outcomes = { Full: 0, Empty: 0, EOFError: 0, BrokenPipeError: 0, timeout: 0 };
  /** Messages that were received, and whose unpickling failed. */
  unread = 0;
  readonly putOrders = new Map<number, PutOrder>();
  readonly history = new History();
  readonly rate = new Rate();
  readonly shared: readonly [SharedEnd, SharedEnd] = [new SharedEnd(), new SharedEnd()];

  constructor(
    readonly number: number,
    readonly id: string,
  ) {
    super();
  }

  /** The greatest depth of the whole run. */
  get depthMost(): number {
    return this.depthMax;
  }
  get isQueue(): boolean {
    return this.kind === 'Queue' || this.kind === 'JoinableQueue';
  }
  /** Whether both ends are known. What a connection with an unknown other end sends is received where nothing is recorded. */
  get whole(): boolean {
    return this.kind !== 'Connection' || this.sides === 3;
  }
  get sends(): number {
    return this.directions[0].sends + this.directions[1].sends;
  }
  get receives(): number {
    return this.directions[0].receives + this.directions[1].receives;
  }
  /** In the pipe: sent and not received. */
  get depthPipe(): number {
    return this.whole ? Math.max(0, this.sends - this.receives) : 0;
  }
  /** What went into a queue and was not lost before its pipe. */
  private get items(): number {
    return this.puts + this.unput - this.drops - this.lostPuts;
  }
  /** Put and not sent: in the feeders' buffers. A put is recorded at its return, when its item may have been sent already. */
  get depthFeeder(): number {
    return this.isQueue ? Math.max(0, this.items - this.feederSends) : 0;
  }
  get depth(): number {
    if (!this.isQueue) return this.depthPipe;
    const depth = Math.max(0, this.items - this.receives);
    // A get makes room before it is recorded: the put that takes the room may be recorded first. There are never more in it than fit.
    return this.capacity > 0 ? Math.min(depth, this.capacity) : depth;
  }

  /** The largest depth that is known for sure. */
  get deepest(): number {
    return Math.max(this.depthMax, this.depth);
  }

  /** Call after each change of the counts. */
  deepened(at: number): void {
    const depth = this.depth;
    if (depth > this.depthMax && !this.isLossy) this.depthMax = depth;
    // What was received at once was in it for a moment: its receiver may have recorded that before its sender did.
    else if (this.depthMax === 0 && this.sends > 0) this.depthMax = 1;
    this.history.add(at, depth);
  }
}

/** Which direction a send (or a receive) at this end belongs to. Direction 0 is read at side 0. */
export function directionOf({ channel, side }: End, sending: boolean): Direction {
  const at = channel.duplex ? (sending ? 1 - side : side) : 0;
  return channel.directions[at as 0 | 1];
}
