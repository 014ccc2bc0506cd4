import type { Blocked } from '../model/entities/blocked';
import type { Channel } from '../model/entities/channel';
import type { Process } from '../model/entities/process';
import { deadWriterOf } from '../model/query/deadWriters';
import { count, howItEnded, list, quoted, who } from './text';
import type { Draft, Evidence, Scene } from './types';

/** A queue's writer holds the queue's own lock while it writes: when it ends there, nothing can be put any more. */
export function deadWriters(scene: Scene): Draft[] {
  const { model, waits, explained } = scene;
  return model.channels.all.flatMap((channel) => {
    if (channel.owner !== 'user') return [];
    const found = deadWriterOf(channel, waits);
    if (found === null) return [];
    const { owners, certain, waiting } = found;
    // Those who wait for what cannot come any more.
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
    const names = list(owners.slice(-3).map((each) => `${who(each)} (${howItEnded(each)})`));
    const held = pendingPuts(scene, channel);
    const pending = held > 0 ? `; ${count(held, 'item')} cannot follow` : '';
    const writers = [...new Set(waiting.map((each) => each.process))];
    return [
      {
        key: `write ${channel.id} ${first.id}`,
        severity: 'error',
        message: certain
          ? `${names} ended in the middle of a write into ${quoted(channel)} and has its writing lock: no process can put into it any more${pending}, and ${list(processes.slice(0, 4).map(who))} wait${processes.length === 1 ? 's' : ''} for it.`
          : `${list(writers.slice(0, 4).map(who))} wait${writers.length === 1 ? 's' : ''} for the writing lock of ${quoted(channel)}, which no living process has: ${names} had the queue and ended${pending}.`,
        advice:
          'Do not end a process that may be writing into a queue (terminate, kill, os._exit): let it end by a message, or call queue.close() and queue.join_thread() before os._exit().',
        processes: [...owners.slice(-3), ...processes],
        channels: [channel],
        evidence: [
          ...affected.map(
            (each): Evidence => ({
              line: each.line || lastPut(each),
              caption: `${who(each.process)} waits here`,
              process: each.process,
            }),
          ),
          { line: first.line, caption: `${who(first)} was started here`, process: first.parent },
          { line: channel.line, caption: `${quoted(channel)} is made here`, process: channel.createdBy },
        ],
        since: Math.max(...owners.map((each) => each.endedAt)),
      },
    ];
  });
}

const READS = ['get', 'recv'];

/** Items in the feeders of those who live. */
function pendingPuts({ model, waits }: Scene, channel: Channel): number {
  let items = 0;
  for (const [image, order] of channel.putOrders) {
    const process = model.processes.images[image]?.process;
    if (process !== undefined && waits.lives(process)) items += order.puts.length / 2;
  }
  return items;
}

/** Where the items were put that a feeder waits with. */
function lastPut({ process, channel }: Blocked): number {
  return (process.image === null ? 0 : channel?.putOrders.get(process.image.number)?.lastLine) ?? 0;
}
