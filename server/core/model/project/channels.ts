import type { ChannelMeta, ChannelStatus, Endpoint } from '../../../protocol/views';
import type { Channel } from '../entities/channel';
import type { SessionModel } from '../state/sessionModel';

export function channelMeta({ locations }: SessionModel, channel: Channel): ChannelMeta {
  return {
    id: channel.id,
    kind: channel.kind,
    name: channel.name,
    line: locations.line(channel.line),
    owner: channel.owner,
    capacity: channel.capacity,
    duplex: channel.duplex,
    createdBy: channel.createdBy?.id ?? null,
  };
}

/** @param now for the rate, monotonic ns; null: the session has ended */
export function channelStatus(channel: Channel, now: number | null): ChannelStatus {
  const simple = channel.kind === 'SimpleQueue';
  const { sends, receives, depth, unread } = channel;
  const depthFeeder = Math.min(channel.depthFeeder, depth);
  return {
    id: channel.id,
    puts: simple ? sends : channel.puts,
    gets: simple || channel.isQueue ? Math.max(0, receives - unread) : 0,
    sends,
    receives,
    bytesSent: channel.bytesSent,
    bytesReceived: channel.bytesReceived,
    depth,
    depthFeeder,
    depthPipe: depth - depthFeeder,
    depthMax: channel.deepest,
    rate: channel.rate.perSecond(now),
    outcomes: { ...channel.outcomes, ...(unread > 0 && { unread }) },
    endpoints: endpoints(channel),
    ...(channel.whole ? {} : { otherEnd: 'unknown' }),
    tasksDone: channel.tasksDone,
    unfinished: channel.kind === 'JoinableQueue' ? Math.max(0, channel.puts - channel.tasksDone) : 0,
  };
}

function endpoints(channel: Channel): Endpoint[] {
  return channel.uses.map(({ process, end, open, sends, receives }) => ({
    processId: process.id,
    mode: end.mode,
    open: open && !process.ended,
    sends,
    receives,
    name: channel.names?.[end.side] ?? '',
  }));
}
