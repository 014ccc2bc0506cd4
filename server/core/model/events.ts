import * as v from '../../protocol/vocabulary';
import { type Channel, direction, PutOrder, type Use } from './channels';
import { LOST, NONE } from './halves';
import type { SessionModel } from './model';
import { applyTask, resultSent, taskReceived } from './poolTasks';
import type { Image } from './processes';
import { endOf, poolKey, use } from './records';
import { complete, takeUnfinished } from './unfinished';
import { locationOf } from './waits';

/** A message that a queue or pipe is not the best place for. */
const BIG_BYTES = 4 * 2 ** 20;
const MAX_DROPS = 1000;
/** Threads of a process whose interrupted waits are kept. */
const MAX_THREADS = 10_000;
/** Calls that may block. */
const WAITS: ReadonlySet<number> = new Set([
  v.KIND_SEND,
  v.KIND_RECV,
  v.KIND_PUT,
  v.KIND_GET,
  v.KIND_POLL,
  v.KIND_ACQUIRE,
  v.KIND_WAIT,
  v.KIND_JOIN,
  v.KIND_QUEUE_JOIN,
  v.KIND_WAITPID,
  v.KIND_SELECT_WAIT,
]);

export type EventTarget = Pick<SessionModel, 'event'>;

/** The clock reading that orders an event among those of other processes; see "Matching a message" in docs/architecture.md. */
export function orderTime(kind: number, t0: number, t1: number): number {
  return kind === v.KIND_SEND || kind === v.KIND_TASK_SUBMIT ? t0 : t1;
}

/** One event of the ring. Times are monotonic ns. @param data the payload's head as text, for tasks' names */
export function applyEvent(
  model: SessionModel,
  image: Image,
  kind: number,
  outcome: number,
  flags: number,
  t0: number,
  t1: number,
  thread: number,
  obj: number,
  loc: number,
  size: number,
  a: number,
  b: number,
  seq: number,
  data: () => string,
): void {
  const { process } = image;
  if (t1 > process.lastEventAt) process.lastEventAt = t1;
  if ((outcome === v.OUTCOME_INTERRUPTED || outcome === v.OUTCOME_FAILED) && WAITS.has(kind)) {
    if (process.interrupts.size < MAX_THREADS)
      process.interrupts.set(thread, { at: t1, byKeyboard: outcome === v.OUTCOME_INTERRUPTED });
  }
  // A feeder sends what another thread put.
  const sends = kind === v.KIND_PUT || (kind === v.KIND_SEND && (flags & v.SLOT_FLAG_FEEDER) === 0);
  const changes = sends && model.developer.waits ? model.developer.sent(image, thread, t0) : 0;
  switch (kind) {
    case v.KIND_SEND:
      sent(model, image, outcome, flags, t0, obj, loc, size, seq, changes);
      break;
    case v.KIND_RECV:
      received(model, image, outcome, t1, obj, loc, size, seq, thread);
      break;
    case v.KIND_PUT:
      put(model, image, outcome, t1, obj, loc, changes);
      break;
    case v.KIND_GET:
    case v.KIND_POLL:
      asked(model, image, kind, outcome, obj, t0, thread);
      break;
    case v.KIND_DROP:
      dropped(model, image, t1, obj, size > 0 ? data() : '');
      break;
    case v.KIND_TASK_DONE: {
      const channel = model.channels.byGid.get(obj);
      if (channel !== undefined && outcome === v.OUTCOME_OK) {
        channel.tasksDone++;
        model.channels.dirtyStatus.add(channel);
      }
      break;
    }
    case v.KIND_ACQUIRE:
    case v.KIND_RELEASE: {
      const lock = model.locks.byGid.get(obj);
      if (lock !== undefined) {
        if (kind === v.KIND_RELEASE) lock.released(image.process);
        else if (outcome === v.OUTCOME_OK) lock.acquired(image.process, locationOf(image, loc), t1);
      }
      break;
    }
    case v.KIND_TASK_SUBMIT:
    case v.KIND_TASK_START:
    case v.KIND_TASK_END:
    case v.KIND_TASK_RESULT:
      applyTask(model, image, kind, outcome, t0, t1, thread, obj, loc, a, b, seq, data);
      if (kind === v.KIND_TASK_SUBMIT && (flags & v.SLOT_FLAG_ERROR_CALLBACK) !== 0)
        model.pool(poolKey(model, obj) || obj).hasErrorCallback(a);
      break;
    case v.KIND_TIMER:
      if ((flags & v.SLOT_FLAG_WATCHDOG) !== 0) image.signals.watchdogSet(t1, a);
      else image.signals.timerSet(t1, a, b);
      break;
    case v.KIND_WAIT:
      if (outcome === v.OUTCOME_FAILED && obj === 0) model.resultSeen(image, b);
      break;
    default:
      break;
  }
  // A task's start names where its function is defined, which is no place that the process is at.
  if (loc !== 0 && kind !== v.KIND_TASK_START) {
    const line = locationOf(image, loc);
    if (line !== image.process.lastLoc) {
      image.process.lastLoc = line;
      model.processes.dirtyStatus.add(image.process);
    }
  }
}

const OUTCOMES: Readonly<Record<number, keyof Channel['outcomes']>> = {
  [v.OUTCOME_FULL]: 'Full',
  [v.OUTCOME_EMPTY]: 'Empty',
  [v.OUTCOME_EOFERROR]: 'EOFError',
  [v.OUTCOME_BROKEN_PIPE_ERROR]: 'BrokenPipeError',
  [v.OUTCOME_TIMEOUT]: 'timeout',
};

/** Calls of this kind that ended otherwise than well: as they come, or many of them that were recycled before they were read. */
export function countOutcome(channel: Channel, kind: number, outcome: number, count = 1): void {
  // A queue's get that fails in its receive is told by its own get event.
  if (kind === v.KIND_RECV && channel.isQueue) return;
  if (outcome === v.OUTCOME_UNREAD) channel.unread += count;
  // That of a SimpleQueue is told by its receive.
  if (kind === v.KIND_GET && channel.kind === 'SimpleQueue') return;
  const name = OUTCOMES[outcome];
  if (name !== undefined) channel.outcomes[name] += count;
}

function sent(
  model: SessionModel,
  image: Image,
  outcome: number,
  flags: number,
  at: number,
  obj: number,
  loc: number,
  size: number,
  seq: number,
  changes: number,
): void {
  const end = endOf(model, obj);
  if (end === undefined) return;
  const channel = end.channel;
  model.channels.dirtyStatus.add(channel);
  const sender = use(image, end);
  sender.lastSentAt = at;
  if (outcome !== v.OUTCOME_OK) {
    countOutcome(channel, v.KIND_SEND, outcome);
    return;
  }
  const line = locationOf(image, loc);
  sender.sends++;
  if (loc !== 0) sender.lastLine = line;
  if (channel.kind === 'Pipe') channel.shared[sender.end.side === 0 ? 0 : 1].used(sender, at);
  if (size >= BIG_BYTES) bigMessage(channel, image, sender, size, at);
  const way = channel.directions[direction(end, true)];
  way.sends++;
  channel.bytesSent += size;
  channel.lastSendAt = Math.max(channel.lastSendAt, at);
  channel.rate.add(at);
  const early = way.early.shift();
  const id = early >= 0 ? early : model.messages.add(channel.number, image.number, seq, line, at, size);
  if (early >= 0) {
    model.messages.sent(id, image.number, seq, line, at);
    model.matched++;
  }
  if (changes !== 0) model.messages.changed(id, changes);
  if ((flags & v.SLOT_FLAG_FEEDER) !== 0) {
    channel.feederSends++;
    const order = putOrder(channel, image);
    order.sent++;
    if (order.puts.length > 0) {
      sender.lastLine = order.puts.shift();
      const putAt = order.puts.shift();
      model.messages.put(id, sender.lastLine, putAt);
      if (order.changed.size > 0) {
        model.messages.changed(id, order.changed.get(putAt) ?? 0);
        order.changed.delete(putAt);
      }
    } else {
      order.messages.push(id);
    }
  }
  if (early === NONE) way.unreceived.push(id);
  else if (early === LOST) model.receivedUnseen++;
  if (channel.pool !== null) resultSent(model, channel, image, id);
  channel.deepened(at);
}

function received(
  model: SessionModel,
  image: Image,
  outcome: number,
  at: number,
  obj: number,
  loc: number,
  size: number,
  seq: number,
  thread: number,
): void {
  const end = endOf(model, obj);
  if (end === undefined) return;
  const channel = end.channel;
  model.channels.dirtyStatus.add(channel);
  if (outcome !== v.OUTCOME_OK) {
    countOutcome(channel, v.KIND_RECV, outcome);
    return;
  }
  const receiver = use(image, end);
  receiver.lastReceivedAt = at;
  receiver.lastReceiver = thread;
  const line = locationOf(image, loc);
  receiver.receives++;
  if (loc !== 0) receiver.lastLine = line;
  const way = channel.directions[direction(end, false)];
  way.receives++;
  channel.bytesReceived += size;
  let id = way.unreceived.shift();
  if (id === LOST) {
    model.lostReceives++; // there is no message to show
    channel.deepened(at);
    return;
  }
  if (id >= 0) {
    model.messages.received(id, image.number, seq, line, at);
    model.matched++;
  } else {
    id = model.messages.addReceived(channel.number, image.number, seq, line, at, size);
    const send = way.unfinished.length > 0 ? takeUnfinished(way, at) : null;
    if (send === null) way.early.push(id);
    else complete(model, channel, way, send, id);
  }
  if (channel.pool !== null) taskReceived(channel, image, id);
  channel.deepened(at);
}

function put(
  model: SessionModel,
  image: Image,
  outcome: number,
  at: number,
  obj: number,
  loc: number,
  changes: number,
): void {
  const channel = model.channels.byGid.get(obj);
  if (channel === undefined) return;
  model.channels.dirtyStatus.add(channel);
  if (outcome !== v.OUTCOME_OK) {
    countOutcome(channel, v.KIND_PUT, outcome);
    return;
  }
  channel.puts++;
  const order = putOrder(channel, image);
  order.put++;
  const line = locationOf(image, loc);
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

function asked(
  model: SessionModel,
  image: Image,
  kind: number,
  outcome: number,
  obj: number,
  begun: number,
  thread: number,
): void {
  const channel = model.channels.byGid.get(obj) ?? endOf(model, obj)?.channel;
  if (channel === undefined || outcome === v.OUTCOME_OK) return;
  countOutcome(channel, kind, outcome);
  // It has taken the message, and what came after that raised.
  const took = (each: Use) =>
    each.process === image.process && each.lastReceivedAt >= begun && each.lastReceiver === thread;
  if (kind === v.KIND_GET && outcome !== v.OUTCOME_UNREAD && channel.uses.some(took)) channel.unread++;
  model.channels.dirtyStatus.add(channel);
}

/** A feeder could not send an item: its put has no message. @param why the exception's text, where it was recorded */
function dropped(model: SessionModel, image: Image, at: number, obj: number, why: string): void {
  const channel = model.channels.byGid.get(obj);
  if (channel === undefined) return;
  channel.drops++;
  const order = putOrder(channel, image);
  order.dropped++;
  const drop = { image: image.number, line: 0, at, why };
  // Kept are the first ones: they tell enough, and a program may drop millions.
  const number = channel.dropped.length < MAX_DROPS ? channel.dropped.push(drop) - 1 : MAX_DROPS - 1;
  if (order.puts.length > 0) {
    drop.line = order.puts.shift();
    order.puts.shift();
  } else {
    order.messages.push(-1 - number); // its put is recorded when it returns
  }
  channel.deepened(at);
  model.channels.dirtyStatus.add(channel);
}

function bigMessage(channel: Channel, image: Image, sender: Use, size: number, at: number): void {
  const { big } = channel;
  if (big.count++ === 0) big.since = at;
  big.bytes += size;
  if (size <= big.largest) return;
  big.largest = size;
  big.image = image.number;
  big.line = sender.lastLine || putOrder(channel, image).lastLine;
}

/** The puts and sends of this process on this queue. */
export function putOrder(channel: Channel, image: Image): PutOrder {
  const known = channel.putOrders.get(image.number);
  if (known !== undefined) return known;
  const order = new PutOrder();
  channel.putOrders.set(image.number, order);
  image.queues.add(channel);
  return order;
}
