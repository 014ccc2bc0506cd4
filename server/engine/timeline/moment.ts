/** What every process and channel was like at one moment, from the journals. */

import { blockedThen } from '../../core/model/apply/slots';
import type { Blocked } from '../../core/model/entities/blocked';
import { beganAt } from '../../core/model/entities/messageIndex';
import type { Image, Process } from '../../core/model/entities/process';
import { waitView } from '../../core/model/project/waits';
import type { SessionModel } from '../../core/model/state/sessionModel';
import { type ChannelMoment, MAX_ITEMS, type Moment, type ProcessMoment } from '../../protocol/timeline';
import type { SessionReader } from '../journal/sessionReader';
import type { RecordedSpan } from '../journal/spanReader';
import { imagesByProcess } from './images';
import { mainThread, mainThreadIn } from './mainThread';

/** @param at monotonic ns */
export function momentAt(model: SessionModel, reader: SessionReader, at: number): Moment {
  const images = imagesByProcess(model);
  return {
    atMs: (at - model.origin) / 1e6,
    processes: model.processes.all.map((each) => processAt(model, reader, each, images.get(each) ?? [], at)),
    channels: channelsAt(model, at),
  };
}

function processAt(
  model: SessionModel,
  reader: SessionReader,
  process: Process,
  images: readonly Image[],
  at: number,
): ProcessMoment {
  const { id: processId } = process;
  if (at < process.startedAt) return { processId, state: 'unborn', wait: null, untilMs: null };
  if (process.ended && at >= process.endedAt) return { processId, state: 'ended', wait: null, untilMs: null };
  // Another program from an exec on; undefined: it was not recorded then.
  const image = images.findLast(({ number }) => (reader.history.beginOf(number) ?? Number.POSITIVE_INFINITY) <= at);
  if (image === undefined) return { processId, state: 'unknown', wait: null, untilMs: null };
  const thread = mainThread(reader, image);
  reader.noteRecycled(image.number);
  const lane = reader.history.laneOrIdle(image.number, thread);
  const lost = reader.history.gapsOf(image.number).some((each) => each.from <= at && at < each.to);
  if (lost || at < lane.knownFrom) return { processId, state: 'unknown', wait: null, untilMs: null };
  let found: RecordedSpan | null = null;
  for (const { first, last } of lane.rangesAt(at))
    reader.spans(image.number, thread, first, last, (span) => {
      if (span.t0 <= at && at < span.t1) found = span;
    });
  const span = found as RecordedSpan | null;
  if (span !== null) {
    const blocked = blockedThen(model, image, span);
    if (blocked !== null)
      return { processId, state: 'waiting', wait: waitView(model, blocked), untilMs: (span.t1 - model.origin) / 1e6 };
  }
  const open = span === null ? openAt(model, process, image, at) : null;
  if (open !== null) return { processId, state: 'waiting', wait: waitView(model, open), untilMs: null };
  return { processId, state: 'running', wait: null, untilMs: null };
}

/** What its main thread has been in since before that moment, without an end. */
function openAt(model: SessionModel, process: Process, image: Image, at: number): Blocked | null {
  const blocked = process.image === image ? mainThreadIn(model, process) : null;
  return blocked !== null && at >= blocked.since ? blocked : null;
}

function channelsAt(model: SessionModel, at: number): ChannelMoment[] {
  const items = new Map<number, { depth: number; items: number[] }>();
  model.messages.under(at, at, Number.POSITIVE_INFINITY, (id) => {
    const entry = model.messages.entry(id);
    if (entry === null) return;
    if (beganAt(entry) > at || (entry.receivedAt >= 0 && entry.receivedAt <= at)) return;
    const channel = items.get(entry.channel) ?? { depth: 0, items: [] };
    channel.depth++;
    if (channel.items.length < MAX_ITEMS) channel.items.push(id);
    items.set(entry.channel, channel);
  });
  return model.channels.all.map(({ id, number }) => ({
    channelId: id,
    ...(items.get(number) ?? { depth: 0, items: [] }),
  }));
}
