/** Calls of the program on a queue or a pipe: put, get, poll, task_done, and items that a feeder drops. */
import * as v from '../../../protocol/vocabulary';
import type { Use } from '../entities/channel';
import { type Image, locationOf } from '../entities/process';
import type { EventCursor } from '../input/event';
import type { SessionModel } from '../state/sessionModel';
import { endOf } from './endpoints';
import { countOutcome } from './outcomes';

const MAX_DROPS = 1000;

/** @param changes the interventions on the message, as bits */
export function applyPut(model: SessionModel, image: Image, event: EventCursor, changes: number): void {
  const { outcome, t1: at } = event;
  const channel = model.channels.byGid.get(event.obj);
  if (channel === undefined) return;
  model.changes.channels.status(channel);
  if (outcome !== v.OUTCOME_OK) {
    countOutcome(channel, v.KIND_PUT, outcome);
    return;
  }
  channel.puts++;
  const order = model.channels.putOrder(channel, image);
  order.put++;
  const line = locationOf(image, event.loc);
  order.lastLine = line;
  if (order.messages.length > 0) {
    const id = order.messages.shift();
    if (id >= 0) {
      model.messages.put(id, line, at);
      if (changes !== 0) model.messages.changed(id, changes);
    } else (channel.dropped[-1 - id] as { line: number }).line = line;
  } else {
    order.puts.push(line);
    order.puts.push(at);
    if (changes !== 0) order.changed.set(at, changes);
  }
  channel.deepened(at);
}

/** A get or poll that failed. A successful one is counted by its receive. */
export function applyFailure(model: SessionModel, image: Image, event: EventCursor): void {
  const { kind, outcome, obj, t0: begun, thread } = event;
  const channel = model.channels.byGid.get(obj) ?? endOf(model, obj)?.channel;
  if (channel === undefined || outcome === v.OUTCOME_OK) return;
  countOutcome(channel, kind, outcome);
  // It took the message, and a later step raised an exception.
  const took = (each: Use) =>
    each.process === image.process && each.lastReceivedAt >= begun && each.lastReceiver === thread;
  if (kind === v.KIND_GET && outcome !== v.OUTCOME_UNREAD && channel.uses.some(took)) channel.unread++;
  model.changes.channels.status(channel);
}

/** A feeder could not send an item, so its put has no message. The event's text is the exception's, if recorded. */
export function applyDrop(model: SessionModel, image: Image, event: EventCursor): void {
  const at = event.t1;
  const channel = model.channels.byGid.get(event.obj);
  if (channel === undefined) return;
  channel.drops++;
  const order = model.channels.putOrder(channel, image);
  order.dropped++;
  const drop = { image: image.number, line: 0, at, why: event.size > 0 ? event.text() : '' };
  // Keeps the first drops: they suffice, and a program may drop millions.
  const number = channel.dropped.length < MAX_DROPS ? channel.dropped.push(drop) - 1 : MAX_DROPS - 1;
  if (order.puts.length > 0) {
    drop.line = order.puts.shift();
    order.puts.shift();
  } else {
    order.messages.push(-1 - number); // its put is recorded when it returns
  }
  channel.deepened(at);
  model.changes.channels.status(channel);
}

export function applyTaskDone(model: SessionModel, { obj, outcome }: EventCursor): void {
  const channel = model.channels.byGid.get(obj);
  if (channel === undefined || outcome !== v.OUTCOME_OK) return;
  channel.tasksDone++;
  model.changes.channels.status(channel);
}
