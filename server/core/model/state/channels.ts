import type { EndpointMode } from '../../../protocol/views';
import { Channel, type End, type Use } from '../entities/channel';
import type { Image } from '../entities/process';
import { PutOrder } from '../entities/putOrder';
import { idOf, NOTHING_SHOWN, type Shown, shownName } from '../entities/shown';
import type { Changed } from './changes';
import { Meetings } from './meetings';

/** All channels, found by object id and by the kernel's identity of their descriptors. */
export class Channels {
  readonly all: Channel[] = [];
  readonly byGid = new Map<number, Channel>();
  readonly ends = new Map<number, End>();
  private readonly byKey = new Map<string, { channel: Channel; side: number }>();
  readonly meetings = new Meetings();
  private readonly counts = new Map<string, number>();
  private isLossy = false;
  /** By image: its uses of channel ends, by the end's id. */
  private readonly uses: Map<number, Use>[] = [];
  /** By image: queues that it has put to. */
  private readonly queues: Set<Channel>[] = [];

  /** @param shown how the live session was shown */
  constructor(
    private readonly changes: Changed<Channel>,
    readonly shown: Shown = NOTHING_SHOWN,
  ) {}

  ensure(gid: number): Channel {
    let channel = this.byGid.get(gid);
    if (channel === undefined) {
      channel = new Channel(this.all.length, idOf(gid));
      channel.isLossy = this.isLossy;
      this.all.push(channel);
      this.byGid.set(gid, channel);
      this.changes.meta(channel);
      this.changes.status(channel);
    }
    return channel;
  }
  /** Events were lost: from here on the order of counting is not the order of the events. */
  loseCount(): void {
    if (this.isLossy) return;
    this.isLossy = true;
    for (const each of this.all) each.isLossy = true;
  }
  /** The channel with this id: its own, or that of one of its ends. */
  of(gid: number): Channel | undefined {
    return this.byGid.get(gid) ?? this.ends.get(gid)?.channel;
  }
  /** The name of an object that was not assigned to a variable: its kind and number. @param id of a channel or pool */
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
  /** @param side a record may name more ends than there are: all but the first count as the other one */
  addEnd(gid: number, channel: Channel, mode: EndpointMode, side: number): End {
    const end: End = { gid, channel, mode, side: side === 0 ? 0 : 1, recent: null };
    this.ends.set(gid, end);
    channel.sides |= 1 << end.side;
    return end;
  }

  usesOf(image: Image): Map<number, Use> {
    let found = this.uses[image.number];
    if (found === undefined) {
      found = new Map();
      this.uses[image.number] = found;
    }
    return found;
  }
  useOf(image: Image, end: End): Use | undefined {
    return this.uses[image.number]?.get(end.gid);
  }

  queuesOf(image: Image): ReadonlySet<Channel> {
    return this.queues[image.number] ?? NO_CHANNELS;
  }
  /** The puts and sends of this process on this queue. */
  putOrder(channel: Channel, image: Image): PutOrder {
    const known = channel.putOrders.get(image.number);
    if (known !== undefined) return known;
    const order = new PutOrder();
    channel.putOrders.set(image.number, order);
    const queues = this.queues[image.number];
    if (queues === undefined) this.queues[image.number] = new Set([channel]);
    else queues.add(channel);
    return order;
  }
}

const NO_CHANNELS: ReadonlySet<Channel> = new Set();
