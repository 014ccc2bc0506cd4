/** What threads are in, from their current-operation slots. They are read repeatedly while a process lives, and once after its end. */
import type { WaitOperation } from '../../../protocol/calls';
import * as v from '../../../protocol/vocabulary';
import { type Blocked, isMain } from '../entities/blocked';
import { type Image, locationOf } from '../entities/process';
import type { ThreadSlot } from '../input/slot';
import type { SessionModel } from '../state/sessionModel';

/** Shorter operations are work, not waits; showing them would only flicker. */
const SHOWN_AFTER_NS = 50e6;

const OPERATIONS: Readonly<Record<number, WaitOperation>> = {
  [v.KIND_SEND]: 'send',
  [v.KIND_RECV]: 'recv',
  [v.KIND_PUT]: 'put',
  [v.KIND_GET]: 'get',
  [v.KIND_POLL]: 'poll',
  [v.KIND_JOIN]: 'join',
  [v.KIND_QUEUE_JOIN]: 'queue.join',
  [v.KIND_ACQUIRE]: 'acquire',
  [v.KIND_WAIT]: 'wait',
  [v.KIND_WAITPID]: 'waitpid',
  [v.KIND_SELECT_WAIT]: 'connection.wait',
};

/** The busy slots of one live image, read now. @param now monotonic ns */
export function applySlots(model: SessionModel, image: Image, slots: readonly ThreadSlot[], now: number): void {
  const { process } = image;
  if (process.image !== image || process.ended) return;
  const blocked = blockedIn(model, image, slots, now);
  if (keyOf(blocked) === keyOf(model.blocked.of(process))) return;
  model.changes.revision++;
  model.blocked.set(process, blocked);
  model.changes.processes.status(process);
}

/**
 * The slots of an image, read after its end, show where it died.
 * @param byItself the process announced its end and was not killed
 */
export function applyLastSlots(
  model: SessionModel,
  image: Image,
  slots: readonly ThreadSlot[],
  byItself = false,
): void {
  const { process } = image;
  model.changes.revision++;
  if (process.image !== image) return;
  const blocked = blockedIn(model, image, slots, Number.POSITIVE_INFINITY);
  model.blocked.setAtEnd(process, blocked);
  model.blocked.set(process, byItself ? [] : blocked);
}

/** What a thread was in, from an operation that is over. Null: a call that never blocks. */
export function blockedThen(model: SessionModel, image: Image, slot: ThreadSlot): Blocked | null {
  const operation = OPERATIONS[slot.op];
  if (operation === undefined) return null;
  const blocked = describe(model, image, slot, operation);
  // A queue's get that found a message is recorded as that message's receive.
  return operation === 'recv' && blocked.channel?.isQueue === true ? { ...blocked, operation: 'get' } : blocked;
}

/** What the threads of a process are in, the main thread first. */
function blockedIn(model: SessionModel, image: Image, slots: readonly ThreadSlot[], now: number): Blocked[] {
  const found: Blocked[] = [];
  for (const slot of slots) {
    const operation = OPERATIONS[slot.op];
    if (operation === undefined || slot.a === 0 || now - slot.t0 < SHOWN_AFTER_NS) continue;
    found.push(describe(model, image, slot, operation));
  }
  return found.sort((x, y) => Number(isMain(y)) - Number(isMain(x)) || x.since - y.since);
}

function describe(model: SessionModel, image: Image, slot: ThreadSlot, operation: WaitOperation): Blocked {
  const { processes, channels, pools, locks } = model;
  const end = channels.ends.get(slot.obj) ?? null;
  const pool = operation === 'wait' ? pools.find(slot.obj) : null;
  const joining = operation === 'join' || operation === 'waitpid';
  const thread = image.threads.get(slot.thread);
  return {
    process: image.process,
    thread: thread?.name ?? '',
    target: thread?.target ?? '',
    ident: slot.thread,
    operation,
    channel: pool === null ? (end?.channel ?? channels.byGid.get(slot.obj) ?? null) : null,
    end,
    lock: locks.byGid.get(slot.obj) ?? null,
    pool,
    joined: joining && slot.b > 0 ? (processes.find(slot.b, slot.t0) ?? processes.latest(slot.b)) : null,
    anyChild: operation === 'waitpid' && slot.b <= 0,
    since: slot.t0,
    timeout: slot.a < 0 ? null : slot.a,
    line: locationOf(image, slot.loc),
  };
}

function keyOf(list: readonly Blocked[]): string {
  return list.map((each) => `${each.operation} ${each.ident} ${each.since} ${each.channel?.name ?? ''}`).join();
}
