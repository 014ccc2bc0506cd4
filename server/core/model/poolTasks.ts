/** Task events of the journals: into a pool's counters and into the list of tasks, with the messages that carried them. */
import * as v from '../../protocol/vocabulary';
import type { Channel } from './channels';
import type { SessionModel } from './model';
import type { Pool } from './pools';
import { PoolWorker } from './poolWorkers';
import type { Image } from './processes';
import { poolKey } from './records';
import { CANCELLED, DONE, FAILED, RUNNING, WAITING } from './tasks';
import { locationOf } from './waits';

/** A task event. @param data its text: a name, and of chunks how many items behind it (see taskSubmit in the vocabulary) */
export function applyTask(
  model: SessionModel,
  image: Image,
  kind: number,
  outcome: number,
  t0: number,
  t1: number,
  thread: number,
  obj: number,
  loc: number,
  job: number,
  index: number,
  seq: number,
  data: () => string,
): void {
  const pool = model.pool(poolKey(model, obj) || obj);
  const failed = outcome !== v.OUTCOME_OK;
  model.dirtyPools.add(pool);
  if (kind === v.KIND_TASK_SUBMIT) submitted(model, pool, job, index, locationOf(image, loc), t0, data());
  else if (kind === v.KIND_TASK_START) started(model, pool, image, thread, job, index, loc, t1, data());
  else if (kind === v.KIND_TASK_END) ended(model, pool, image, thread, job, index, failed, t1, seq);
  else if (failed) gotException(model, pool, job, index, outcome, t1);
}

/** The submitter has an exception, or has cancelled the task. */
function gotException(model: SessionModel, pool: Pool, job: number, index: number, outcome: number, at: number): void {
  if (outcome === v.OUTCOME_BROKEN) pool.changed('broken', at);
  // A call may have failed in another thread before its submission is recorded, which is when it returns.
  if (pool.table.find(job, index) < 0) pool.failedEarly(job, index, { outcome, at });
  else if (outcome === v.OUTCOME_CANCELLED) cancelled(model, pool, job, index, at);
  else if (outcome === v.OUTCOME_BROKEN) broke(model, pool, job, index, at);
  else notSent(model, pool, job, index, at, pool.lostFails);
}

/** So many tasks are told one by one. What a call hands over beyond that is counted, and told when a worker takes it. */
export const MAX_TASKS = 4_000_000;

function submitted(
  model: SessionModel,
  pool: Pool,
  job: number,
  index: number,
  line: number,
  at: number,
  data: string,
) {
  const { tasks } = model;
  const count = index < 0 ? -index : 1;
  const [name = '', size, all] = data.split('\0');
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
    // Some may have been started before this was read, in another journal.
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
    // Never further than there is room: the count is what a journal says.
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

function started(
  model: SessionModel,
  pool: Pool,
  image: Image,
  thread: number,
  job: number,
  index: number,
  loc: number,
  at: number,
  name: string,
): void {
  const { tasks } = model;
  pool.start(`${image.number}/${thread}`, { job, index, name, at, process: image.process });
  let task = pool.table.find(job, index);
  const number = name === '' ? -1 : tasks.functionNumber(name);
  if (task >= 0) pool.waited.add(at - (tasks.entry(task)?.submittedAt ?? at));
  else {
    // Its submission was lost, or is told later, and how long it waited with it.
    pool.table.add(job, index, tasks.count, 1);
    task = tasks.add(pool.number, job, index, 0, Math.max(0, number), at, 1, false);
  }
  if (tasks.state(task) === FAILED && (tasks.entry(task)?.worker ?? 0) < 0) pool.wasSent(job);
  const named = tasks.functions[number];
  if (named !== undefined && loc !== 0) named.line = locationOf(image, loc) || named.line;
  const worker = workerOf(model, pool, image, thread);
  tasks.started(task, worker.number, number, at, worker.received);
  worker.received = -1;
  worker.task = task;
  worker.since = at;
  const broken = pool.broken.get(task);
  if (broken !== undefined) givenUp(model, pool, task, Math.max(at, broken));
}

function ended(
  model: SessionModel,
  pool: Pool,
  image: Image,
  thread: number,
  job: number,
  index: number,
  failed: boolean,
  at: number,
  seq: number,
): void {
  const first = pool.ended(`${image.number}/${thread}`, job, index, failed, at);
  const worker = workerOf(model, pool, image, thread);
  const task = pool.table.find(job, index);
  const entry = model.tasks.entry(task);
  if (first) {
    pool.rate.add(at);
    if (failed) worker.failed++;
    else worker.done++;
    pool.items += entry?.items ?? 1;
    if (worker.task === task && task >= 0) {
      const ran = Math.max(0, at - worker.since);
      worker.busyNs += ran;
      pool.ran.add(ran);
    }
  } else if (entry !== null && entry.state !== (failed ? FAILED : DONE)) {
    worker.failed += failed ? 1 : -1;
    worker.done += failed ? -1 : 1;
  }
  worker.task = -1;
  worker.awaiting = task;
  if (task < 0) return;
  model.tasks.ended(task, failed ? FAILED : DONE, at, seq);
  // Its executor broke before it got the result: that may be read before the worker's own word.
  const broken = pool.broken.get(task);
  if (broken !== undefined && !failed) takeBack(model, pool, task, Math.max(at, broken));
}

function cancelled(model: SessionModel, pool: Pool, job: number, index: number, at: number): void {
  const task = pool.table.find(job, index);
  if (task < 0 || model.tasks.state(task) !== WAITING) return;
  model.tasks.ended(task, CANCELLED, at, -1);
  pool.cancel(job, at);
}

/** Its executor broke: who waits for the result gets an exception, also where a worker had one for him that did not arrive. */
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

/** The submitter has an exception for a task that no worker has ended. @param lost also when a worker has begun it */
function notSent(model: SessionModel, pool: Pool, job: number, index: number, at: number, lost: boolean): void {
  const task = pool.table.find(job, index);
  if (task < 0) return;
  if (model.tasks.state(task) === RUNNING && lost) givenUp(model, pool, task, at);
  if (model.tasks.state(task) !== WAITING) return;
  model.tasks.ended(task, FAILED, at, -1);
  pool.notSent(job, at);
}

/** Its worker died, or was ended because it took too long: who waits for the result gets an exception. */
function givenUp(model: SessionModel, pool: Pool, task: number, at: number): void {
  const entry = model.tasks.entry(task);
  if (entry === null) return;
  pool.giveUp(entry.job, entry.index, at);
  const worker = model.workers[entry.worker];
  if (worker !== undefined && worker.task === task) {
    worker.failed++;
    worker.busyNs += Math.max(0, at - worker.since);
    worker.task = -1;
  }
  model.tasks.ended(task, FAILED, at, -1);
}

/** The worker that this thread is; made when nobody told of it. */
function workerOf(model: SessionModel, pool: Pool, image: Image, thread: number, label = ''): PoolWorker {
  const known = pool.byKey.get(`${image.number}`) ?? pool.byKey.get(`${image.number}/${thread}`);
  if (known !== undefined) return known;
  const own = pool.process?.image === image ? thread : 0;
  return addWorker(model, pool, image, own, label);
}
/** @param thread 0 for a process */
export function addWorker(model: SessionModel, pool: Pool, image: Image, thread: number, label: string): PoolWorker {
  const key = thread === 0 ? `${image.number}` : `${image.number}/${thread}`;
  const known = pool.byKey.get(key);
  if (known !== undefined) return known;
  const worker = new PoolWorker(model.workers.length, image, thread, label);
  model.workers.push(worker);
  pool.byKey.set(key, worker);
  return worker;
}

/** A message left a worker on its pool's queue of results. */
export function resultSent(model: SessionModel, channel: Channel, image: Image, message: number): void {
  const worker = channel.pool?.byKey.get(`${image.number}`);
  if (worker === undefined || worker.awaiting < 0) return;
  model.tasks.setResultMessage(worker.awaiting, message);
  // A result that cannot be pickled is not sent; the failure in its place ends the task once more. What else it says is no result:
  // a worker may take its leave with its pid.
  worker.awaiting = -1;
}
/** A worker took a message from its pool's queue of tasks. */
export function taskReceived(channel: Channel, image: Image, message: number): void {
  const worker = channel.pool?.byKey.get(`${image.number}`);
  if (worker === undefined) return;
  worker.received = message;
  // What it sends from now on is no result of the task before: an executor's worker says farewell with its pid.
  worker.awaiting = -1;
}
