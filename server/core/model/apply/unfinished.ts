/**
 * Operations that a process left unfinished at its end. A process may be killed, or exit by os._exit, after its bytes went into the pipe and before
 * it recorded the send. Its thread's slot still names the operation, and the receive proves that the message was sent.
 */
import * as v from '../../../protocol/vocabulary';
import { type Channel, type Direction, directionOf, type UnfinishedSend } from '../entities/channel';
import { type Image, locationOf } from '../entities/process';
import type { ThreadSlot } from '../input/slot';
import type { SessionModel } from '../state/sessionModel';
import { use } from './uses';

/** A process has ended and its journal has been read to its end. @param slots of all its threads, including idle ones */
export function settle(model: SessionModel, image: Image, slots: readonly ThreadSlot[]): void {
  model.changes.revision++;
  for (const channel of model.channels.queuesOf(image)) leaveBuffer(model, channel, image);
  for (const slot of slots) {
    const send = unfinishedSend(model, image, slot);
    if (send === null) continue;
    const { channel } = send.end;
    const direction = directionOf(send.end, true);
    const id = direction.early.first;
    if (id >= 0 && (model.messages.entry(id)?.receivedAt ?? -1) >= send.at) {
      direction.early.shift();
      complete(model, channel, direction, send, id);
    } else {
      direction.unfinished.push(send);
    }
  }
}

/** The unfinished send that this receive proves. @param at monotonic ns of the receive */
export function takeUnfinished(direction: Direction, at: number): UnfinishedSend | null {
  const index = direction.unfinished.findIndex((each) => each.at <= at);
  return index < 0 ? null : (direction.unfinished.splice(index, 1)[0] ?? null);
}

/** Matches a received message with this send. */
export function complete(
  model: SessionModel,
  channel: Channel,
  direction: Direction,
  { image, end, line, at }: UnfinishedSend,
  id: number,
): void {
  const sender = use(model, image, end);
  sender.sends++;
  direction.sends++;
  channel.bytesSent += model.messages.entry(id)?.size ?? 0;
  model.messages.derived(id, image.number, line, at);
  model.matched++;
  model.changes.channels.status(channel);
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

/** Items in a dead process's feeder buffer are lost. An item sent by a put that never returned was not put, but is in the pipe. */
function leaveBuffer(model: SessionModel, channel: Channel, image: Image): void {
  const order = channel.putOrders.get(image.number);
  if (order === undefined || order.settled) return;
  order.settled = true;
  const left = order.put - order.sent - order.dropped;
  order.lost = Math.max(0, left);
  channel.lostPuts += order.lost;
  channel.unput += Math.max(0, -left);
  channel.deepened(Math.max(0, image.process.endedAt));
  model.changes.channels.status(channel);
}

function unfinishedSend(model: SessionModel, image: Image, slot: ThreadSlot): UnfinishedSend | null {
  if (slot.t0 <= 0 || (slot.op !== 0 && slot.op !== v.KIND_SEND)) return null;
  const end = model.channels.ends.get(slot.obj);
  if (end === undefined || !end.mode.includes('w')) return null;
  const known = model.channels.useOf(image, end);
  // The last recorded send or, for an end that also reads, receive: the slot keeps the last operation even after it is over.
  const last = Math.max(known?.lastSentAt ?? -1, slot.op === 0 ? (known?.lastReceivedAt ?? -1) : -1);
  return slot.t0 <= last ? null : { image, end, line: locationOf(image, slot.loc), at: slot.t0 };
}
