import type { Wait, WaitOperation } from '../../protocol/views';
import * as v from '../../protocol/vocabulary';
import type { Channel, End } from './channels';
import type { Lock } from './locks';
import type { SessionModel } from './model';
import type { Pool } from './pools';
import type { Image, Process } from './processes';
import { poolOf } from './records';

/** One busy cell of a journal: what a thread is in. Times are monotonic ns. */
export interface CellView {
  readonly op: number;
  readonly loc: number;
  readonly t0: number;
  readonly thread: number;
  readonly obj: number;
  /** Time-out in ns; -1: none; 0: does not wait. */
  readonly a: number;
  readonly b: number;
}

/** What a thread is in, with the things that it is about. */
export interface Blocked {
  readonly process: Process;
  readonly thread: string;
  /** Qualified name of the thread's function; '' when it is not known. */
  readonly target: string;
  readonly ident: number;
  readonly operation: WaitOperation;
  readonly channel: Channel | null;
  readonly end: End | null;
  readonly lock: Lock | null;
  /** Of a wait for a result: the pool that is to bring it. */
  readonly pool: Pool | null;
  /** Of a wait for a process: that one, or null when nobody knows it. */
  readonly joined: Process | null;
  readonly anyChild: boolean;
  readonly since: number;
  /** ns; null: it may last for ever. */
  readonly timeout: number | null;
  readonly line: number;
}

/** Shorter stays are work, not waits: a view that showed them would only flicker. */
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

/** What the threads of a process are in, the main thread first. */
export function blockedOf(model: SessionModel, image: Image, cells: readonly CellView[], now: number): Blocked[] {
  const found: Blocked[] = [];
  for (const cell of cells) {
    const operation = OPERATIONS[cell.op];
    if (operation === undefined || cell.a === 0 || now - cell.t0 < SHOWN_AFTER_NS) continue;
    found.push(describe(model, image, cell, operation));
  }
  return found.sort((x, y) => Number(isMain(y)) - Number(isMain(x)) || x.since - y.since);
}

/** Whether this is what the main thread of its process is in. */
export function isMain(blocked: Blocked): boolean {
  return blocked.thread === 'MainThread';
}

function describe(model: SessionModel, image: Image, cell: CellView, operation: WaitOperation): Blocked {
  const end = model.channels.ends.get(cell.obj) ?? null;
  const pool = operation === 'wait' ? poolOf(model, cell.obj) : null;
  const joining = operation === 'join' || operation === 'waitpid';
  const thread = image.threads.get(cell.thread);
  return {
    process: image.process,
    thread: thread?.name ?? '',
    target: thread?.target ?? '',
    ident: cell.thread,
    operation,
    channel: pool === null ? (end?.channel ?? model.channels.byGid.get(cell.obj) ?? null) : null,
    end,
    lock: model.locks.byGid.get(cell.obj) ?? null,
    pool,
    joined: joining && cell.b > 0 ? (model.processes.find(cell.b, cell.t0) ?? model.processes.latest(cell.b)) : null,
    anyChild: operation === 'waitpid' && cell.b <= 0,
    since: cell.t0,
    timeout: cell.a < 0 ? null : cell.a,
    line: locationOf(image, cell.loc),
  };
}

/** What a wait is for, as the user knows it. */
export function nameOfObject(blocked: Blocked): string {
  const { channel, joined, lock, pool, anyChild } = blocked;
  if (pool !== null) return `a result of ${pool.name || 'its pool'}`;
  return channel?.name ?? joined?.name ?? lock?.name ?? (anyChild ? 'any child' : '');
}

/** The operation as the user wrote it: a SimpleQueue's put is a send to everybody else. */
export function operationOf(blocked: Blocked): WaitOperation {
  const { operation, channel } = blocked;
  if (channel?.kind !== 'SimpleQueue') return operation;
  return operation === 'send' ? 'put' : operation === 'recv' ? 'get' : operation;
}

/** A wait as the screens show it, without what only the whole of the waits tells (`blockers`). */
export function waitView(model: SessionModel, blocked: Blocked): Wait {
  return {
    operation: operationOf(blocked),
    on: nameOfObject(blocked),
    channelId: blocked.channel?.id ?? null,
    processId: blocked.joined?.id ?? null,
    sinceMs: (blocked.since - model.origin) / 1e6,
    timeoutMs: blocked.timeout === null ? null : blocked.timeout / 1e6,
    line: model.locations.line(blocked.line),
    thread: blocked.thread,
    real: blocked.timeout === null,
  };
}

/** A journal's location id as the session's; a forked child's lower ids are its parent's. */
export function locationOf(image: Image, loc: number): number {
  if (loc === 0) return 0;
  for (let each: Image | null = image; each !== null; each = each.parent) {
    const found = each.locs.get(loc);
    if (found !== undefined) return found;
  }
  return 0;
}
