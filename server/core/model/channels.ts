import type { ChannelKind, ChannelMeta, ChannelStatus, Endpoint, EndpointMode, Owner } from '../../protocol/views';
import { NumberFifo } from './fifo';
import { Halves } from './halves';
import { History, Rate } from './history';
import type { Locations } from './locations';
import { Meetings } from './meetings';
import type { Pool } from './pools';
import type { Image, Process } from './processes';
import { idOf, NOTHING_SHOWN, type Shown, shownName } from './shown';
import type { UnfinishedSend } from './unfinished';

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

/** Puts and feeder sends of one process on one queue, in order; whichever is recorded first waits for the other. */
export class PutOrder {
  /** [loc, time] of puts whose send is still to come. */
  readonly puts = new NumberFifo();
  /** Messages whose put is still to come. */
  readonly messages = new NumberFifo();
  /** By a put's time: how whoever debugs changed its item. */
  readonly changed = new Map<number, number>();
  /** How many there were, those that were recycled before they were read too. */
  put = 0;
  sent = 0;
  dropped = 0;
  /** Items that were in its buffer when it ended. */
  lost = 0;
  settled = false;
  /** The line of the latest put. */
  lastLine = 0;
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
  /** A fork copied it; nobody handed it over. */
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

export class Channel {
  kind: ChannelKind = 'Connection';
  name = '';
  /** It was assigned to nothing: its name is a number. */
  isNumbered = false;
  /** Monotonic ns of the record that describes it. */
  describedAt = -1;
  names: readonly [string, string] | null = null;
  line = 0;
  owner: Owner = 'user';
  /** Whose inner queue of tasks or results it is. */
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
  ) {}

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

  meta(locations: Locations): ChannelMeta {
    return {
      id: this.id,
      kind: this.kind,
      name: this.name,
      line: locations.line(this.line),
      owner: this.owner,
      capacity: this.capacity,
      duplex: this.duplex,
      createdBy: this.createdBy?.id ?? null,
    };
  }

  /** @param now monotonic ns; null: the session is over */
  status(now: number | null): ChannelStatus {
    const simple = this.kind === 'SimpleQueue';
    return {
      id: this.id,
      puts: simple ? this.sends : this.puts,
      gets: simple || this.isQueue ? Math.max(0, this.receives - this.unread) : 0,
      sends: this.sends,
      receives: this.receives,
      bytesSent: this.bytesSent,
      bytesReceived: this.bytesReceived,
      depth: this.depth,
      depthFeeder: Math.min(this.depthFeeder, this.depth),
      depthPipe: this.depth - Math.min(this.depthFeeder, this.depth),
      depthMax: this.deepest,
      rate: this.rate.perSecond(now),
      outcomes: { ...this.outcomes, ...(this.unread > 0 && { unread: this.unread }) },
      endpoints: this.uses.map(
        (use): Endpoint => ({
          processId: use.process.id,
          mode: use.end.mode,
          open: use.open && !use.process.ended,
          sends: use.sends,
          receives: use.receives,
          name: this.names?.[use.end.side] ?? '',
        }),
      ),
      ...(this.whole ? {} : { otherEnd: 'unknown' }),
      tasksDone: this.tasksDone,
      unfinished: this.kind === 'JoinableQueue' ? Math.max(0, this.puts - this.tasksDone) : 0,
    };
  }
}

/** Which direction a send (or a receive) at this end belongs to. Direction 0 is read at side 0. */
export function direction(end: End, sending: boolean): 0 | 1 {
  if (!end.channel.duplex) return 0;
  return (sending ? 1 - end.side : end.side) as 0 | 1;
}

/** All channels, found by object id and by the kernel's identity of their descriptors. */
export class Channels {
  readonly all: Channel[] = [];
  readonly byGid = new Map<number, Channel>();
  readonly ends = new Map<number, End>();
  private readonly byKey = new Map<string, { channel: Channel; side: number }>();
  readonly meetings = new Meetings();
  private readonly counts = new Map<string, number>();
  private isLossy = false;
  readonly dirtyMeta = new Set<Channel>();
  readonly dirtyStatus = new Set<Channel>();

  /** @param shown what this session was shown as when it was watched */
  constructor(readonly shown: Shown = NOTHING_SHOWN) {}

  ensure(gid: number): Channel {
    let channel = this.byGid.get(gid);
    if (channel === undefined) {
      channel = new Channel(this.all.length, idOf(gid));
      channel.isLossy = this.isLossy;
      this.all.push(channel);
      this.byGid.set(gid, channel);
      this.dirtyMeta.add(channel);
      this.dirtyStatus.add(channel);
    }
    return channel;
  }
  /** Events were lost: from here on the order of what is counted is not the order in which it was. */
  loseCount(): void {
    if (this.isLossy) return;
    this.isLossy = true;
    for (const each of this.all) each.isLossy = true;
  }
  /** The channel that this is an id of: its own, or that of one of its ends. */
  of(gid: number): Channel | undefined {
    return this.byGid.get(gid) ?? this.ends.get(gid)?.channel;
  }
  /** A name for what was assigned to nothing: its kind and number. @param id of a channel or pool */
  numbered(kind: string, id: string): string {
    const shown = shownName(this.shown, id);
    if (shown !== '') return shown;
    const number = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, number);
    return `${kind}-${number}`;
  }
  setKey(key: string, channel: Channel, side: number): void {
    if (key !== '') this.byKey.set(key, { channel, side });
  }
  keyed(key: string): { channel: Channel; side: number } | null {
    return key === '' ? null : (this.byKey.get(key) ?? null);
  }
  keysOf(channel: Channel): string[] {
    return [...this.byKey].filter(([, found]) => found.channel === channel).map(([key]) => key);
  }
  /** @param side a record may name more ends than there are: all but the first are the other one */
  addEnd(gid: number, channel: Channel, mode: EndpointMode, side: number): End {
    const end: End = { gid, channel, mode, side: side === 0 ? 0 : 1, recent: null };
    this.ends.set(gid, end);
    channel.sides |= 1 << end.side;
    return end;
  }
}
