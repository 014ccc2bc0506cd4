/** Sends and receives through pipes. The k-th send of a direction matches its k-th receive, whichever is read first. */
import * as v from '../../../protocol/vocabulary';
import { type Channel, type Direction, directionOf, type Use } from '../entities/channel';
import { type Image, locationOf } from '../entities/process';
import type { EventCursor } from '../input/event';
import type { SessionModel } from '../state/sessionModel';
import { LOST, NONE } from '../structures/halves';
import { endOf } from './endpoints';
import { countOutcome } from './outcomes';
import { resultSent, taskReceived } from './taskMessages';
import { complete, takeUnfinished } from './unfinished';
import { use } from './uses';

/** Above this size a queue or pipe is not the best way to share data. */
const BIG_BYTES = 4 * 2 ** 20;

/** @param changes the interventions on the message, as bits */
export function applySend(model: SessionModel, image: Image, event: EventCursor, changes: number): void {
  const end = endOf(model, event.obj);
  if (end === undefined) return;
  const { channel } = end;
  const at = event.t0;
  model.changes.channels.status(channel);
  const sender = use(model, image, end);
  sender.lastSentAt = at;
  if (event.outcome !== v.OUTCOME_OK) {
    countOutcome(channel, v.KIND_SEND, event.outcome);
    return;
  }
  const line = locationOf(image, event.loc);
  countSend(model, sender, image, event, line);
  const direction = directionOf(end, true);
  direction.sends++;
  const early = direction.early.shift();
  let id = early;
  if (early >= 0) {
    model.messages.sent(id, image.number, event.seq, line, at);
    model.matched++;
  } else id = model.messages.add(channel.number, image.number, event.seq, line, at, event.size);
  if (changes !== 0) model.messages.changed(id, changes);
  if ((event.flags & v.SLOT_FLAG_FEEDER) !== 0) feederSent(model, channel, image, sender, id);
  if (early === NONE) direction.unreceived.push(id);
  else if (early === LOST) model.receivedUnseen++;
  if (channel.pool !== null) resultSent(model, channel, image, id);
  channel.deepened(at);
}

function countSend(
  model: SessionModel,
  sender: Use,
  image: Image,
  { t0: at, loc, size }: EventCursor,
  line: number,
): void {
  const { channel } = sender;
  sender.sends++;
  if (loc !== 0) sender.lastLine = line;
  if (channel.kind === 'Pipe') channel.shared[sender.end.side === 0 ? 0 : 1].used(sender, at);
  if (size >= BIG_BYTES) bigMessage(model, sender, image, size, at);
  channel.bytesSent += size;
  channel.lastSendAt = Math.max(channel.lastSendAt, at);
  channel.rate.add(at);
}

/** A queue's feeder thread sent the item of this process's oldest unsent put. */
function feederSent(model: SessionModel, channel: Channel, image: Image, sender: Use, id: number): void {
  channel.feederSends++;
  const order = model.channels.putOrder(channel, image);
  order.sent++;
  if (order.puts.length === 0) {
    order.messages.push(id);
    return;
  }
  sender.lastLine = order.puts.shift();
  const putAt = order.puts.shift();
  model.messages.put(id, sender.lastLine, putAt);
  if (order.changed.size > 0) {
    model.messages.changed(id, order.changed.get(putAt) ?? 0);
    order.changed.delete(putAt);
  }
}

function bigMessage(model: SessionModel, sender: Use, image: Image, size: number, at: number): void {
  const { channel } = sender;
  const { big } = channel;
  if (big.count++ === 0) big.since = at;
  big.bytes += size;
  if (size <= big.largest) return;
  big.largest = size;
  big.image = image.number;
  big.line = sender.lastLine || model.channels.putOrder(channel, image).lastLine;
}

export function applyReceive(model: SessionModel, image: Image, event: EventCursor): void {
  const end = endOf(model, event.obj);
  if (end === undefined) return;
  const { channel } = end;
  const at = event.t1;
  model.changes.channels.status(channel);
  if (event.outcome !== v.OUTCOME_OK) {
    countOutcome(channel, v.KIND_RECV, event.outcome);
    return;
  }
  const receiver = use(model, image, end);
  receiver.lastReceivedAt = at;
  receiver.lastReceiver = event.thread;
  const line = locationOf(image, event.loc);
  receiver.receives++;
  if (event.loc !== 0) receiver.lastLine = line;
  const direction = directionOf(end, false);
  direction.receives++;
  channel.bytesReceived += event.size;
  let id = direction.unreceived.shift();
  if (id === LOST) {
    model.lostReceives++; // there is no message to show
    channel.deepened(at);
    return;
  }
  if (id >= 0) {
    model.messages.received(id, image.number, event.seq, line, at);
    model.matched++;
  } else {
    id = receivedFirst(model, channel, direction, image, event, line);
  }
  if (channel.pool !== null) taskReceived(channel, image, id);
  channel.deepened(at);
}

/** A message whose send is not known: not yet, or an ended process left it unfinished. */
function receivedFirst(
  model: SessionModel,
  channel: Channel,
  direction: Direction,
  image: Image,
  { seq, t1, size }: EventCursor,
  line: number,
): number {
  const id = model.messages.addReceived(channel.number, image.number, seq, line, t1, size);
  const send = direction.unfinished.length > 0 ? takeUnfinished(direction, t1) : null;
  if (send === null) direction.early.push(id);
  else complete(model, channel, direction, send, id);
  return id;
}
