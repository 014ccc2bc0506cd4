import * as v from '../../../protocol/vocabulary';
import { type Image, locationOf } from '../entities/process';
import type { EventCursor } from '../input/event';
import type { SessionModel } from '../state/sessionModel';
import { applyDrop, applyFailure, applyPut, applyTaskDone } from './queueCalls';
import { applyTask } from './tasks';
import { applyReceive, applySend } from './transport';

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

/**
 * Applies one event of an image's ring. Events arrive in the order of `orderTime`; see architecture.md. Unknown kinds come from a newer runtime and
 * are ignored.
 */
export function applyEvent(model: SessionModel, image: Image, event: EventCursor): void {
  model.events++;
  model.changes.revision++;
  const { kind, outcome, t1, loc } = event;
  const { process } = image;
  if (t1 > model.now) model.now = t1;
  if (t1 > process.lastEventAt) process.lastEventAt = t1;
  if (outcome === v.OUTCOME_INTERRUPTED || outcome === v.OUTCOME_FAILED) interrupt(image, event);
  applyKind(model, image, event);
  // A task's start names the definition of its function, which is not the process's location.
  if (loc !== 0 && kind !== v.KIND_TASK_START) {
    const line = locationOf(image, loc);
    if (line !== process.lastLoc) {
      process.lastLoc = line;
      model.changes.processes.status(process);
    }
  }
}

function interrupt({ process }: Image, { kind, outcome, thread, t1 }: EventCursor): void {
  if (WAITS.has(kind) && process.interrupts.size < MAX_THREADS)
    process.interrupts.set(thread, { at: t1, byKeyboard: outcome === v.OUTCOME_INTERRUPTED });
}

function applyKind(model: SessionModel, image: Image, event: EventCursor): void {
  switch (event.kind) {
    case v.KIND_SEND:
      // A feeder sends items that another thread put.
      applySend(model, image, event, (event.flags & v.SLOT_FLAG_FEEDER) === 0 ? changesOf(model, image, event) : 0);
      break;
    case v.KIND_RECV:
      applyReceive(model, image, event);
      break;
    case v.KIND_PUT:
      applyPut(model, image, event, changesOf(model, image, event));
      break;
    case v.KIND_GET:
    case v.KIND_POLL:
      applyFailure(model, image, event);
      break;
    case v.KIND_DROP:
      applyDrop(model, image, event);
      break;
    case v.KIND_TASK_DONE:
      applyTaskDone(model, event);
      break;
    case v.KIND_ACQUIRE:
    case v.KIND_RELEASE:
      applyLock(model, image, event);
      break;
    case v.KIND_TASK_SUBMIT:
    case v.KIND_TASK_START:
    case v.KIND_TASK_END:
    case v.KIND_TASK_RESULT:
      applyTask(model, image, event);
      break;
    case v.KIND_TIMER:
      applyTimer(image, event);
      break;
    case v.KIND_WAIT:
      if (event.outcome === v.OUTCOME_FAILED && event.obj === 0) resultSeen(model, image, event.b);
      break;
    default:
      break;
  }
}

/** Interventions on the message that this thread puts or sends now, as bits. */
function changesOf({ interventions }: SessionModel, image: Image, { thread, t0 }: EventCursor): number {
  return interventions.waits ? interventions.sent(image, thread, t0) : 0;
}

function applyLock(model: SessionModel, image: Image, { kind, outcome, obj, loc, t1 }: EventCursor): void {
  const lock = model.locks.byGid.get(obj);
  if (lock === undefined) return;
  if (kind === v.KIND_RELEASE) lock.released(image.process);
  else if (outcome === v.OUTCOME_OK) lock.acquired(image.process, locationOf(image, loc), t1);
}

function applyTimer({ signals }: Image, { flags, t1, a, b }: EventCursor): void {
  if ((flags & v.SLOT_FLAG_WATCHDOG) !== 0) signals.watchdogSet(t1, a);
  else signals.timerSet(t1, a, b);
}

/** The submitter received a failed job's exception. Jobs are numbered per process. */
function resultSeen(model: SessionModel, image: Image, job: number): void {
  for (const pool of model.pools.values()) if (pool.process === image.process) pool.resultSeen(job);
}
