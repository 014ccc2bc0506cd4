/** Answers what the timeline has in sight, from the history and from the journals. */
import type { OpenSpan, Span } from '../../core/history/lane';
import { stateOfOperation } from '../../core/history/laneState';
import type { Image, Process } from '../../core/model/entities/process';
import type { SessionModel } from '../../core/model/state/sessionModel';
import type { TimelineParams } from '../../protocol/requests';
import { type LanePicture, MAX_LANES, type TimelineResult } from '../../protocol/timeline';
import { packRuns } from '../../shared/packed';
import type { SessionReader } from '../journal/sessionReader';
import { type Grid, gridOf } from './grid';
import { imagesByProcess } from './images';
import { mainThread, mainThreadIn } from './mainThread';
import { messagesInSight } from './messages';

/** @param now monotonic ns up to which things are known */
export function timeline(
  model: SessionModel,
  reader: SessionReader,
  params: Omit<TimelineParams, 'sessionId'>,
  now: number,
): TimelineResult {
  const grid = gridOf(model.origin + params.fromMs * 1e6, model.origin + params.toMs * 1e6, params.pixels);
  const processes = params.processes.slice(0, MAX_LANES).flatMap((id) => model.processes.byId.get(id) ?? []);
  const { messages, depths } = messagesInSight(model, grid, {
    processes: new Set(processes),
    channels: params.channels.slice(0, MAX_LANES),
    library: params.library,
  });
  const images = imagesByProcess(model);
  return {
    fromMs: (grid.from - model.origin) / 1e6,
    columnMs: grid.width / 1e6,
    columns: grid.count,
    nowMs: (now - model.origin) / 1e6,
    lanes: processes.map((each) => laneOf(model, reader, grid, each, images.get(each) ?? [], now)),
    depths,
    messages: params.messages ? messages : null,
  };
}

/** A process that becomes another program has one image after the other on its lane. */
function laneOf(
  model: SessionModel,
  reader: SessionReader,
  grid: Grid,
  process: Process,
  images: readonly Image[],
  now: number,
): LanePicture {
  const end = process.ended ? process.endedAt : null;
  const runs = images.flatMap((image, i) => {
    const next = images[i + 1];
    const until = next === undefined ? end : reader.history.beginOf(next.number);
    return imageRuns(reader, grid, image, until, next === undefined ? openSpan(model, process) : null, now);
  });
  return { processId: process.id, runs: packRuns(runs) };
}

function imageRuns(
  reader: SessionReader,
  grid: Grid,
  image: Image,
  end: number | null,
  open: OpenSpan | null,
  now: number,
) {
  const thread = mainThread(reader, image);
  reader.noteRecycled(image.number);
  const lane = reader.history.laneOrIdle(image.number, thread);
  const read = (first: number, last: number, visit: (span: Span) => void): void =>
    reader.spans(image.number, thread, first, last, visit);
  return lane.runs(
    { from: grid.from, width: grid.width, columns: grid.count, now },
    end,
    open,
    read,
    reader.history.gapsOf(image.number),
  );
}

function openSpan(model: SessionModel, process: Process): OpenSpan | null {
  const blocked = mainThreadIn(model, process);
  return blocked === null ? null : { state: stateOfOperation(blocked.operation), t0: blocked.since };
}
