/**
 * What a process left unfinished at its end. It may have been killed, or have left by os._exit, right after its bytes went into the pipe and
 * before that was recorded: its thread's cell still names the operation, and the receive shows that the message did go.
 */
import * as v from '../../protocol/vocabulary';
import { type Channel, type Direction, direction, type End } from './channels';
import type { SessionModel } from './model';
import type { Image } from './processes';
import { use, useOf } from './records';
import { type CellView, locationOf } from './waits';

/** The last operation of a thread of a process that has ended, which may have been a send that was not recorded. */
export interface UnfinishedSend {
  readonly image: Image;
  readonly end: End;
  /** Line, as the session numbers them. */
  readonly line: number;
  /** Monotonic ns. */
  readonly at: number;
}

/** A process has ended and its journal is read to its end. @param cells of all its threads, idle ones too */
export function settle(model: SessionModel, image: Image, cells: readonly CellView[]): void {
  for (const channel of image.queues) leaveBuffer(model, channel, image);
  for (const cell of cells) {
    const send = unfinishedSend(model, image, cell);
    if (send === null) continue;
    const channel = send.end.channel;
    const way = channel.directions[direction(send.end, true)];
    const id = way.early.first;
    if (id >= 0 && (model.messages.entry(id)?.receivedAt ?? -1) >= send.at) {
      way.early.shift();
      complete(model, channel, way, send, id);
    } else {
      way.unfinished.push(send);
    }
  }
}

/** The send, of those that processes left unfinished, that this receive is the proof of. @param at monotonic ns of the receive */
export function takeUnfinished(way: Direction, at: number): UnfinishedSend | null {
  const index = way.unfinished.findIndex((each) => each.at <= at);
  return index < 0 ? null : (way.unfinished.splice(index, 1)[0] ?? null);
}

/** A message that was received turns out to be this send. */
export function complete(
  model: SessionModel,
  channel: Channel,
  way: Direction,
  { image, end, line, at }: UnfinishedSend,
  id: number,
): void {
  const sender = use(image, end);
  sender.sends++;
  way.sends++;
  channel.bytesSent += model.messages.entry(id)?.size ?? 0;
  model.messages.derived(id, image.number, line, at);
  model.matched++;
  model.channels.dirtyStatus.add(channel);
  if (!channel.isQueue) return;
  channel.feederSends++;
  const order = channel.putOrders.get(image.number);
  if (order !== undefined && order.puts.length > 0) {
    const put = order.puts.shift();
    model.messages.put(id, put, order.puts.shift());
    sender.lastLine = put;
  }
  if (order !== undefined && order.lost > 0) {
    order.lost--;
    channel.lostPuts--;
  } else {
    channel.unput++;
  }
  channel.deepened(at);
}

/** Items in a dead process's feeder buffer are gone with it. What was sent by a put that never returned was no put, but is in the pipe. */
function leaveBuffer(model: SessionModel, channel: Channel, image: Image): void {
  const order = channel.putOrders.get(image.number);
  if (order === undefined || order.settled) return;
  order.settled = true;
  const left = order.put - order.sent - order.dropped;
  order.lost = Math.max(0, left);
  channel.lostPuts += order.lost;
  channel.unput += Math.max(0, -left);
  channel.deepened(Math.max(0, image.process.endedAt));
  model.channels.dirtyStatus.add(channel);
}

function unfinishedSend(model: SessionModel, image: Image, cell: CellView): UnfinishedSend | null {
  if (cell.t0 <= 0 || (cell.op !== 0 && cell.op !== v.KIND_SEND)) return null;
  const end = model.channels.ends.get(cell.obj);
  if (end === undefined || !end.mode.includes('w')) return null;
  const known = useOf(image, end);
  // A recorded send, or of an end that reads too a receive: the cell keeps the last operation also when it is over.
  const last = Math.max(known?.lastSentAt ?? -1, cell.op === 0 ? (known?.lastReceivedAt ?? -1) : -1);
  return cell.t0 <= last ? null : { image, end, line: locationOf(image, cell.loc), at: cell.t0 };
}
