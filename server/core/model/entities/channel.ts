import type { ChannelKind, EndpointMode, Owner } from '../../../protocol/views';
import { Halves } from '../structures/halves';
import { History, Rate } from '../structures/history';
import type { Pool } from './pool';
import type { Image, Process } from './process';
import type { PutOrder } from './putOrder';
import { Tracked } from './tracked';

/** The last operation of a thread of an ended process, possibly a send that was not recorded. */
export interface UnfinishedSend {
  readonly image: Image;
  readonly end: End;
  /** Line, by the session's number. */
  readonly line: number;
  /** Monotonic ns. */
  readonly at: number;
}

/** One direction of a channel: the k-th send matches the k-th receive. */
export class Direction {
  sends = 0;
  receives = 0;
  /** Sends that were recycled before they were read; no list has them. */
  unlisted = 0;
  /** Sent and not yet received messages. */
  readonly unreceived = new Halves();
  /** Received messages whose send is not known, or not yet. */
  readonly early = new Halves();
  /** Sends of ended processes with neither a known event nor a receive. */
  readonly unfinished: UnfinishedSend[] = [];
}

/** One process's use of one end of a channel. */
export interface Use {
  readonly process: Process;
  readonly channel: Channel;
  readonly end: End;
  open: boolean;
  /** Monotonic ns; -1: before its first recorded use. */
  readonly openedAt: number;
  /** Monotonic ns; -1 while it is open. */
  closedAt: number;
  sends: number;
  receives: number;
  /** Copied by a fork and not passed by another process. */
  inherited: boolean;
  /** Line of its last use, by the session's number; for a queue, of the put or get. */
  lastLine: number;
  /** Monotonic ns of the newest send's begin and of the newest receive; -1: none. */
  lastSentAt: number;
  lastReceivedAt: number;
  /** The thread of that receive. */
  lastReceiver: number;
}

/** An end as declared, with the directions that it writes and reads. */
export interface End {
  readonly gid: number;
  readonly channel: Channel;
  readonly mode: EndpointMode;
  /** 0: the first end (a duplex pipe's first, a one-way pipe's reader); 1: the other. */
  readonly side: number;
  /** Cache of the last requested image and its use: the next request is usually the same. */
  recent: { readonly image: Image; readonly use: Use } | null;
}

/** The writers of one end of a pipe, if several processes write without a lock. */
class SharedEnd {
  /** The latest two that alternated while both were alive. */
  pair: readonly [Use, Use] | null = null;
  /** Number of changes of the writer. */
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
  /** It was not assigned to a variable: its name is a number. */
  isNumbered = false;
  /** Monotonic ns of its definition record. */
  describedAt = -1;
  names: readonly [string, string] | null = null;
  line = 0;
  owner: Owner = 'user';
  /** The pool whose internal task or result queue it is. */
  pool: Pool | null = null;
  capacity = 0;
  duplex = false;
  /** For a Connection: the recorded sides, as bits. */
  sides = 0;
  createdBy: Process | null = null;
  readonly directions: readonly [Direction, Direction] = [new Direction(), new Direction()];
  readonly uses: Use[] = [];
  puts = 0;
  drops = 0;
  bytesSent = 0;
  bytesReceived = 0;
  feederSends = 0;
  /** Items lost with their process, in its feeder's buffer. */
  lostPuts = 0;
  /** Items sent by a put that never returned because its process ended. */
  unput = 0;
  /** Monotonic ns of the latest completed send; -1: none. */
  lastSendAt = -1;
  private depthMax = 0;
  /** Events of a process were lost. Until its totals are read, and possibly afterwards, puts and gets are not counted in order. */
  isLossy = false;
  tasksDone = 0;
  /** The largest message, and the messages of many megabytes. */
  readonly big = { count: 0, bytes: 0, largest: 0, line: 0, image: -1, since: 0 };
  /** Items that could not be sent. */
  readonly dropped: { image: number; line: number; at: number; why: string }[] = [];
  readonly outcomes = { Full: 0, Empty: 0, EOFError: 0, BrokenPipeError: 0, timeout: 0 };
  /** Received messages whose unpickling failed. */
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
  /** Whether both ends are known. A connection with an unknown other end is received where nothing is recorded. */
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
  /** Items put into the queue and not lost before its pipe. */
  private get items(): number {
    return this.puts + this.unput - this.drops - this.lostPuts;
  }
  /** Items put and not sent: in the feeders' buffers. A put is recorded when it returns, and its item may already be sent by then. */
  get depthFeeder(): number {
    return this.isQueue ? Math.max(0, this.items - this.feederSends) : 0;
  }
  get depth(): number {
    if (!this.isQueue) return this.depthPipe;
    const depth = Math.max(0, this.items - this.receives);
    // A get frees room before it is recorded, so the put that takes the room may be recorded first. The depth never exceeds the capacity.
    return this.capacity > 0 ? Math.min(depth, this.capacity) : depth;
  }

  /** The largest depth that is certain. */
  get deepest(): number {
    return Math.max(this.depthMax, this.depth);
  }

  /** Must be called after each change of the counts. */
  deepened(at: number): void {
    const depth = this.depth;
    if (depth > this.depthMax && !this.isLossy) this.depthMax = depth;
    // A message received at once was in it briefly: its receiver may have recorded that before its sender did.
    else if (this.depthMax === 0 && this.sends > 0) this.depthMax = 1;
    this.history.add(at, depth);
  }
}

/** The direction of a send (or a receive) at this end. Direction 0 is read at side 0. */
export function directionOf({ channel, side }: End, sending: boolean): Direction {
  const at = channel.duplex ? (sending ? 1 - side : side) : 0;
  return channel.directions[at as 0 | 1];
}
