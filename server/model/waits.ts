import type { Wait, WaitOperation } from '../protocol/views';
import * as v from '../protocol/vocabulary';
import type { SessionModel } from './model';
import type { Image } from './processes';

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

/** What the threads of a process wait for, the main thread's wait first. */
export function waitsOf(model: SessionModel, image: Image, cells: readonly CellView[], now: number): Wait[] {
  const waits: Wait[] = [];
  for (const cell of cells) {
    const operation = OPERATIONS[cell.op];
    if (operation === undefined || cell.a === 0 || now - cell.t0 < SHOWN_AFTER_NS) continue;
    waits.push(describe(model, image, cell, operation));
  }
  return waits.sort(
    (x, y) => Number(y.thread === 'MainThread') - Number(x.thread === 'MainThread') || x.sinceMs - y.sinceMs,
  );
}

function describe(model: SessionModel, image: Image, cell: CellView, operation: WaitOperation): Wait {
  const channel = model.channels.ends.get(cell.obj)?.channel ?? model.channels.byGid.get(cell.obj) ?? null;
  const simple = channel?.kind === 'SimpleQueue';
  const joined =
    operation === 'join' || operation === 'waitpid'
      ? (model.processes.find(cell.b, now(cell)) ?? model.processes.latest(cell.b))
      : null;
  const on =
    channel?.name ??
    joined?.name ??
    model.locks.byGid.get(cell.obj)?.name ??
    (cell.b > 0 ? `pid ${cell.b}` : operation === 'waitpid' ? 'any child' : '');
  return {
    operation: simple && operation === 'send' ? 'put' : simple && operation === 'recv' ? 'get' : operation,
    on,
    channelId: channel?.id ?? null,
    processId: joined?.id ?? null,
    sinceMs: (cell.t0 - model.origin) / 1e6,
    timeoutMs: cell.a < 0 ? null : cell.a / 1e6,
    line: model.locations.line(locationOf(image, cell.loc)),
    thread: image.threads.get(cell.thread) ?? '',
  };
}
function now(cell: CellView): number {
  return cell.t0;
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
