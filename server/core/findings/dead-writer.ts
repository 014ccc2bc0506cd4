import type { Blocked } from '../model/entities/blocked';
import type { Channel } from '../model/entities/channel';
import type { Process } from '../model/entities/process';
import { deadWriterOf } from '../model/query/deadWriters';
import { blockedHere, channelCreated, startedHere } from './evidence';
import { channelRef, endedRef, processRefs } from './refs';
import type { Candidate, CheckContext } from './types';

/** A queue's writer holds the queue's own lock while it writes. If it ends there, no process can put to the queue. */
export function deadWriters(context: CheckContext): Candidate<'dead-lock-owner'>[] {
  const { model, waits, explained } = context;
  return model.channels.all.flatMap((channel): Candidate<'dead-lock-owner'>[] => {
    if (channel.owner !== 'user') return [];
    const found = deadWriterOf(channel, waits);
    if (found === null) return [];
    const { owners, certain, waiting } = found;
    // Readers waiting for items that can no longer arrive.
    const readers = waits.all.filter(
      (each) => each.channel === channel && READS.includes(each.operation) && !waits.hasArrived(each),
    );
    const affected = [...waiting, ...readers.filter((each) => each.timeout === null)];
    if (affected.length === 0) return [];
    const processes = [...new Set(affected.map((each) => each.process))];
    for (const each of processes) explained.add(each);
    for (const join of waits.all)
      if (join.joined !== null && processes.includes(join.joined)) explained.add(join.process);
    const first = owners.at(-1) as Process;
    const writers = [...new Set(waiting.map((each) => each.process))];
    return [
      {
        key: `write ${channel.id} ${first.id}`,
        severity: 'error',
        params: {
          kind: 'write',
          queue: channelRef(channel),
          owners: owners.slice(-3).map(endedRef),
          certain,
          items: pendingPuts(context, channel),
          waiters: processRefs((certain ? processes : writers).slice(0, 4)),
        },
        processes: [...owners.slice(-3), ...processes],
        channels: [channel],
        evidence: [
          ...affected.map((each) => blockedHere(each, each.line || lastPut(each))),
          startedHere(first),
          channelCreated(channel),
        ],
        since: Math.max(...owners.map((each) => each.endedAt)),
      },
    ];
  });
}

const READS = ['get', 'recv'];

/** Items in the feeders of live processes. */
function pendingPuts({ model, waits }: CheckContext, channel: Channel): number {
  let items = 0;
  for (const [image, order] of channel.putOrders) {
    const process = model.processes.images[image]?.process;
    if (process !== undefined && waits.lives(process)) items += order.puts.length / 2;
  }
  return items;
}

/** Line that put the items which the blocked feeder holds. */
function lastPut({ process, channel }: Blocked): number {
  return (process.image === null ? 0 : channel?.putOrders.get(process.image.number)?.lastLine) ?? 0;
}
