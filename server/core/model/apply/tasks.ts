/** Applies task events of the journals to a pool's counters and to the list of tasks, with the messages that carried them. */
import * as v from '../../../protocol/vocabulary';
import type { Pool } from '../entities/pool';
import type { PoolWorker } from '../entities/poolWorker';
import { type Image, locationOf } from '../entities/process';
import { CANCELLED, DONE, FAILED, MAX_TASKS, RUNNING, WAITING } from '../entities/taskIndex';
import type { EventCursor } from '../input/event';
import type { SessionModel } from '../state/sessionModel';

/** A task event: `a` is the job, `b` the index, the text a name; for chunks the items follow (see taskSubmit in the vocabulary). */
export function applyTask(model: SessionModel, image: Image, event: EventCursor): void {
  const { kind, outcome } = event;
  const pool = model.pools.ensure(event.obj);
  model.changes.pools.status(pool);
  if (kind === v.KIND_TASK_SUBMIT) {
    submitted(model, pool, image, event);
    if ((event.flags & v.SLOT_FLAG_ERROR_CALLBACK) !== 0) pool.hasErrorCallback(event.a);
  } else if (kind === v.KIND_TASK_START) started(model, pool, image, event);
  else if (kind === v.KIND_TASK_END) ended(model, pool, image, event);
  else if (outcome !== v.OUTCOME_OK) gotException(model, pool, event.a, event.b, outcome, event.t1);
}

/** The submitter received an exception or cancelled the task. */
function gotException(model: SessionModel, pool: Pool, job: number, index: number, outcome: number, at: number): void {
  if (outcome === v.OUTCOME_BROKEN) pool.changed('broken', at);
  // A call may have failed in another thread before its submission is recorded, which happens when the call returns.
  if (pool.table.find(job, index) < 0) pool.failedEarly(job, index, { outcome, at });
  else if (outcome === v.OUTCOME_CANCELLED) cancelled(model, pool, job, index, at);
  else if (outcome === v.OUTCOME_BROKEN) broke(model, pool, job, index, at);
  else notSent(model, pool, job, index, at, pool.lostFails);
}

function submitted(model: SessionModel, pool: Pool, image: Image, event: EventCursor): void {
  const { tasks } = model;
  const { a: job, b: index, t0: at } = event;
  const line = locationOf(image, event.loc);
  const count = index < 0 ? -index : 1;
  const [name = '', size, all] = event.text().split('\0');
  const chunk = size !== undefined;
  const chunksize = Number(size ?? 1) || 1;
  const total = Number(all ?? count * chunksize) || 0;
  pool.submit(job, count, line, at);
  const number = tasks.functionNumber(name);
  const first = Math.max(0, index);
  const itemsOf = (i: number) => (chunk ? Math.max(0, Math.min(chunksize, total - i * chunksize)) : 1);
  const catchUp = (i: number) => {
    const early = pool.early.size > 0 ? pool.takeEarly(job, first + i) : undefined;
    if (early !== undefined) gotException(model, pool, job, first + i, early.outcome, Math.max(at, early.at));
  };
  for (let from = 0; from < count; ) {
    // Workers may have started some of the tasks already, in journals that were read first.
    const known = pool.table.find(job, first + from);
    if (known >= 0) {
      const entry = tasks.entry(known);
      if (entry?.state === DONE || entry?.state === FAILED) pool.items += itemsOf(from) - entry.items;
      if (entry !== null && entry.startedAt >= 0) pool.waited.add(entry.startedAt - at);
      tasks.submitted(known, line, at, itemsOf(from), chunk);
      catchUp(from);
      from++;
      continue;
    }
    // Limited by the room that is left: the count comes from a journal.
    const end = Math.min(count, from + Math.max(0, MAX_TASKS - tasks.count));
    if (end === from) return;
    let to = from + 1;
    while (to < end && pool.table.find(job, first + to) < 0) to++;
    const told = to - from;
    pool.table.add(job, first + from, tasks.count, told);
    for (let i = from; i < from + told; i++)
      tasks.add(pool.number, job, first + i, line, number, at, itemsOf(i), chunk);
    for (let i = from; i < to && pool.early.size > 0; i++) catchUp(i);
    from = to;
  }
}

function started(model: SessionModel, pool: Pool, image: Image, event: EventCursor): void {
  const { a: job, b: index, t1: at, thread, loc } = event;
  const name = event.text();
  const { tasks } = model;
  pool.start(`${image.number}/${thread}`, { job, index, name, at, process: image.process });
  let task = pool.table.find(job, index);
  const number = name === '' ? -1 : tasks.functionNumber(name);
  if (task >= 0) pool.waited.add(at - (tasks.entry(task)?.submittedAt ?? at));
  else {
    // The submission, and with it the queue time, was lost or is read later.
    pool.table.add(job, index, tasks.count, 1);
    task = tasks.add(pool.number, job, index, 0, Math.max(0, number), at, 1, false);
  }
  if (tasks.state(task) === FAILED && (tasks.entry(task)?.worker ?? 0) < 0) pool.wasSent(job);
  const named = tasks.functions[number];
  if (named !== undefined && loc !== 0) named.line = locationOf(image, loc) || named.line;
  const worker = workerOf(model, pool, image, thread);
  tasks.started(task, worker.number, number, at, worker.received);
  worker.received = -1;
  worker.begin(task, at, pool.isConcurrent);
  const broken = pool.broken.get(task);
  if (broken !== undefined) givenUp(model, pool, task, Math.max(at, broken));
}

function ended(model: SessionModel, pool: Pool, image: Image, event: EventCursor): void {
  const { a: job, b: index, t1: at, thread, seq } = event;
  const failed = event.outcome !== v.OUTCOME_OK;
  const first = pool.ended(`${image.number}/${thread}`, job, index, failed, at);
  const worker = workerOf(model, pool, image, thread);
  const task = pool.table.find(job, index);
  const entry = model.tasks.entry(task);
  if (first) {
    pool.rate.add(at);
    if (failed) worker.failed++;
    else worker.done++;
    pool.items += entry?.items ?? 1;
    if (worker.finish(task, at) && entry !== null) pool.ran.add(Math.max(0, at - entry.startedAt));
  } else if (entry !== null && entry.state !== (failed ? FAILED : DONE)) {
    worker.failed += failed ? 1 : -1;
    worker.done += failed ? -1 : 1;
  }
  if (!first) worker.finish(task, at);
  worker.awaiting = task;
  if (task < 0) return;
  model.tasks.ended(task, failed ? FAILED : DONE, at, seq);
  // The executor broke before it received the result. That event may be read before the worker's own.
  const broken = pool.broken.get(task);
  if (broken !== undefined && !failed) takeBack(model, pool, task, Math.max(at, broken));
}

function cancelled(model: SessionModel, pool: Pool, job: number, index: number, at: number): void {
  const task = pool.table.find(job, index);
  if (task < 0 || model.tasks.state(task) !== WAITING) return;
  model.tasks.ended(task, CANCELLED, at, -1);
  pool.cancel(job, at);
}

/** The executor broke: a caller waiting for the result gets an exception, even if a worker's result did not arrive. */
function broke(model: SessionModel, pool: Pool, job: number, index: number, at: number): void {
  const task = pool.table.find(job, index);
  if (model.tasks.state(task) === DONE) takeBack(model, pool, task, at);
  else notSent(model, pool, job, index, at, true);
  pool.broken.set(task, at);
}

function takeBack(model: SessionModel, pool: Pool, task: number, at: number): void {
  pool.tookBack();
  model.tasks.ended(task, FAILED, at, -1);
}

/** The submitter has an exception for a task that no worker has ended. @param lost also if a worker has begun it */
function notSent(model: SessionModel, pool: Pool, job: number, index: number, at: number, lost: boolean): void {
  const task = pool.table.find(job, index);
  if (task < 0) return;
  if (model.tasks.state(task) === RUNNING && lost) givenUp(model, pool, task, at);
  if (model.tasks.state(task) !== WAITING) return;
  model.tasks.ended(task, FAILED, at, -1);
  pool.notSent(job, at);
}

/** The worker died or was ended after a timeout: a caller waiting for the result gets an exception. */
function givenUp(model: SessionModel, pool: Pool, task: number, at: number): void {
  const entry = model.tasks.entry(task);
  if (entry === null) return;
  pool.giveUp(entry.job, entry.index, at);
  const worker = model.pools.workers[entry.worker];
  if (worker?.has(task) === true) {
    worker.failed++;
    worker.finish(task, at);
  }
  model.tasks.ended(task, FAILED, at, -1);
}

/** The worker that this thread is; added if no record named it. */
function workerOf(model: SessionModel, pool: Pool, image: Image, thread: number): PoolWorker {
  const known = pool.byKey.get(`${image.number}`) ?? pool.byKey.get(`${image.number}/${thread}`);
  if (known !== undefined) return known;
  const own = pool.process?.image === image ? thread : 0;
  return model.pools.addWorker(pool, image, own, '');
}
