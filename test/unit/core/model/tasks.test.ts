import { expect, test } from 'vitest';
import { applyImage } from '../../../../server/core/model/apply/image';
import { applyRecord } from '../../../../server/core/model/apply/record';
import { processGone } from '../../../../server/core/model/apply/system';
import { Deltas } from '../../../../server/core/model/project/deltas';
import { violations } from '../../../../server/core/model/project/invariants';
import { adviceOf } from '../../../../server/core/model/project/poolAdvice';
import { SessionModel } from '../../../../server/core/model/state/sessionModel';
import { Durations } from '../../../../server/core/model/structures/durations';
import { JobTable } from '../../../../server/core/model/structures/jobTable';
import { TemporaryPages } from '../../../../server/engine/files/temporaryPages';
import type { SessionReader } from '../../../../server/engine/journal/sessionReader';
import { orderBy } from '../../../../server/engine/session/taskOrder';
import { TaskPages } from '../../../../server/engine/session/taskPages';
import * as v from '../../../../server/protocol/vocabulary';
import { emit } from '../../fakes/model';
import { META } from '../../fakes/session';

const QUEUE = 77;

/** A session with one pool of four workers, and a function that submits, starts and ends a task. */
function pooled(options = {}) {
  const model = new SessionModel(META, options);
  const main = applyImage(model, 1, 1, 0, 1000);
  applyRecord(model, main, { type: 'process', t: 1000, argv: ['s.py'], python: '3.11' });
  applyRecord(model, main, { type: 'pool', t: 1000, id: QUEUE, kind: 'Pool', size: 4, name: 'pool' });
  const workers = [2, 3, 4, 5].map((pid) => {
    const image = applyImage(model, pid, pid, 1, 1000);
    applyRecord(model, image, { type: 'poolWorker', t: 1000, id: QUEUE, pid, worker: `w${pid}` });
    return image;
  });
  const event = (
    image: (typeof workers)[0],
    kind: number,
    outcome: number,
    at: number,
    a: number,
    b: number,
    data = '',
  ) => emit(model, image, { kind, outcome, t0: at, t1: at, thread: 9, obj: QUEUE, a, b, text: data });
  const submit = (job: number, at: number, name: string, b = 0) => event(main, v.KIND_TASK_SUBMIT, 0, at, job, b, name);
  const run = (job: number, at: number, ns: number, worker = job % 4, index = 0, outcome = v.OUTCOME_OK) => {
    const image = workers[worker] as (typeof workers)[0];
    event(image, v.KIND_TASK_START, 0, at, job, index, '');
    event(image, v.KIND_TASK_END, outcome, at + ns, job, index);
  };
  const pages = new TaskPages(model, { payload: () => null } as unknown as SessionReader);
  const status = () => new Deltas(model).full(0).poolStatus?.[0];
  return { model, main, workers, submit, run, event, pages, status };
}

test('the workers of a pool may have their own queues', () => {
  const model = new SessionModel(META);
  const [POOL, IN, OUT] = [70, 71, 72];
  const main = applyImage(model, 1, 1, 0, 1000);
  applyRecord(model, main, { type: 'process', t: 1000, argv: ['s.py'], python: '3.13' });
  for (const id of [IN, OUT])
    applyRecord(model, main, {
      type: 'channel',
      t: 1000,
      id,
      kind: 'SimpleQueue',
      name: '',
      owner: 'user',
      capacity: 0,
      duplex: false,
      ends: [
        { id: id + 10, mode: 'r', key: `1:${id}` },
        { id: id + 20, mode: 'w', key: `1:${id}` },
      ],
    });
  applyRecord(model, main, { type: 'poolQueues', t: 1001, id: POOL, inqueue: IN, outqueue: OUT });
  applyRecord(model, main, { type: 'pool', t: 1002, id: POOL, kind: 'Pool', size: 1, name: 'celery' });
  const worker = applyImage(model, 2, 2, 1, 1003);
  // A spawned worker knows its queue by an id of its own.
  applyRecord(model, worker, {
    type: 'queue',
    t: 1004,
    id: 90,
    kind: 'SimpleQueue',
    capacity: 0,
    ends: [{ id: 91, mode: 'r', key: `1:${IN}` }],
  });
  applyRecord(model, worker, { type: 'poolWorker', t: 1005, id: 90, pid: 2, worker: 'w' });
  emit(model, main, { kind: v.KIND_TASK_SUBMIT, t0: 2000, t1: 2000, thread: 9, obj: POOL, text: 'add' });
  emit(model, worker, { kind: v.KIND_TASK_START, t0: 3000, t1: 3000, thread: 9, obj: 90, text: 'add' });
  emit(model, worker, { kind: v.KIND_TASK_END, t0: 3000, t1: 4000, thread: 9, obj: 90 });
  const { pools, poolStatus, channels } = new Deltas(model).full(0);
  expect(pools?.map((each) => each.name)).toEqual(['celery']);
  expect(poolStatus?.[0]).toMatchObject({ submitted: 1, completed: 1, workers: ['p2'] });
  expect(channels?.map((each) => each.owner)).toEqual(['library', 'library']);
});

test('a task whose worker is gone may be given up by its pool', () => {
  const { model, main, workers, submit, run, event, status, pages } = pooled();
  const [first, second] = workers as [(typeof workers)[0], (typeof workers)[0]];
  applyRecord(model, main, { type: 'pool', t: 1000, id: QUEUE, kind: 'Pool', size: 4, name: 'pool', lostFails: true });
  submit(0, 2000, 'f');
  submit(1, 2000, 'f');
  event(first, v.KIND_TASK_START, 0, 3000, 0, 0);
  event(second, v.KIND_TASK_START, 0, 3000, 1, 0);
  event(main, v.KIND_TASK_RESULT, v.OUTCOME_FAILED, 4000, 0, 0);
  const pool = model.pools.at(QUEUE);
  expect(new Map([...pool.tasks.values()].map((each) => [each.job, each.givenUp]))).toEqual(
    new Map([
      [0, true],
      [1, undefined],
    ]),
  );
  expect(status()).toMatchObject({ started: 2, failed: 1, pending: 0, running: 1 });
  expect(pages.page({ filter: {}, offset: 0, limit: 9 }).rows[0]).toMatchObject({ state: 'failed', ranMs: 0.001 });
  // Its end is read only now: the worker failed it.
  event(first, v.KIND_TASK_END, v.OUTCOME_FAILED, 3900, 0, 0);
  run(2, 5000, 100, 0);
  expect(status()).toMatchObject({ started: 3, completed: 1, failed: 1, running: 1 });
  expect(status()?.activity?.workers.find((each) => each.done > 0)).toMatchObject({ done: 1, failed: 1 });
});

test("a worker's messages after its result are not results", () => {
  const { model, main, workers, submit, run, pages } = pooled();
  const [worker] = workers as [(typeof workers)[0]];
  const ends = (id: number) => [
    { id, mode: 'r', key: `1:${id}` },
    { id: id + 1, mode: 'w', key: `1:${id}` },
  ];
  applyRecord(model, main, {
    type: 'channel',
    t: 1100,
    id: 600,
    kind: 'SimpleQueue',
    owner: 'library',
    ends: ends(601),
  });
  applyRecord(model, main, { type: 'pool', t: 1100, id: QUEUE, kind: 'Pool', size: 4, name: 'pool', outqueue: 600 });
  const send = (at: number) => emit(model, worker, { kind: v.KIND_SEND, t0: at, t1: at, thread: 9, obj: 602, size: 4 });
  submit(0, 2000, 'f');
  run(0, 3000, 100, 0);
  send(3200);
  const result = pages.detail(0)?.resultMessage;
  send(3300); // a replaced billiard worker says goodbye
  expect(result).not.toBeNull();
  expect(pages.detail(0)?.resultMessage).toBe(result);
});

test('a map is split into chunks of its items, the last one shorter', () => {
  const { submit, run, pages, status } = pooled();
  submit(0, 2000, 'f\u00004\u000010', -3);
  run(0, 3000, 100, 0, 0);
  run(0, 3000, 100, 1, 2, v.OUTCOME_FAILED);
  const { rows, total, complete } = pages.page({ filter: {}, offset: 0, limit: 10 });
  expect([total, complete]).toEqual([3, true]);
  expect(rows.map((each) => [each.kind, each.items, each.function, each.state])).toEqual([
    ['chunk', 4, 'f', 'done'],
    ['chunk', 4, 'f', 'waiting'],
    ['chunk', 2, 'f', 'failed'],
  ]);
  expect(status()).toMatchObject({ submitted: 3, started: 2, completed: 1, failed: 1, pending: 1, running: 0 });
  expect(status()?.activity?.items).toBe(6);
});

test('an unpicklable result is one failure, not two ends', () => {
  const { submit, run, event, workers, status, pages } = pooled();
  submit(0, 2000, 'f');
  run(0, 3000, 100, 1);
  event(workers[1] as (typeof workers)[0], v.KIND_TASK_END, v.OUTCOME_FAILED, 3200, 0, 0);
  expect(status()).toMatchObject({ completed: 0, failed: 1, running: 0 });
  expect(status()?.activity?.workers.find((each) => each.name === 'w3' || each.failed > 0)).toMatchObject({
    done: 0,
    failed: 1,
  });
  expect(pages.page({ filter: {}, offset: 0, limit: 1 }).rows[0]?.state).toBe('failed');
});

test('a task that could not be sent fails without a worker; one whose worker ended is lost', () => {
  const { model, main, workers, submit, event, status, pages } = pooled();
  submit(0, 2000, 'f');
  submit(1, 2000, 'f');
  event(main, v.KIND_TASK_RESULT, v.OUTCOME_FAILED, 2500, 0, 0);
  event(workers[0] as (typeof workers)[0], v.KIND_TASK_START, 0, 3000, 1, 0);
  expect(status()).toMatchObject({ failed: 1, pending: 0, running: 1 });
  processGone(model, (workers[0] as (typeof workers)[0]).process, 4000, { code: null, signal: 9 });
  const { rows } = pages.page({ filter: {}, offset: 0, limit: 9 });
  expect(rows.map((each) => [each.state, each.worker === null])).toEqual([
    ['failed', true],
    ['lost', false],
  ]);
  expect(rows[1]?.ranMs).toBe(0.001);
  expect(status()?.activity).toMatchObject({ busy: 0, idle: 3 });
  expect(pages.page({ filter: { state: 'lost' }, offset: 0, limit: 9 }).total).toBe(1);
});

test("a failure counts once if the submitter's record is read before the worker's journal", () => {
  const { main, submit, run, event, status, pages } = pooled();
  submit(0, 2000, 'f');
  event(main, v.KIND_TASK_RESULT, v.OUTCOME_FAILED, 2900, 0, 0);
  run(0, 2100, 500_000, 0, 0, v.OUTCOME_FAILED);
  expect(status()).toMatchObject({ submitted: 1, started: 1, completed: 0, failed: 1, pending: 0, running: 0 });
  expect(pages.page({ filter: {}, offset: 0, limit: 9 }).rows[0]).toMatchObject({ state: 'failed', ranMs: 0.5 });
});

test('a submission that is read after the start keeps its line and time', () => {
  const { submit, run, pages } = pooled();
  run(0, 3000, 1000);
  submit(0, 2000, 'late');
  const [row] = pages.page({ filter: {}, offset: 0, limit: 9 }).rows;
  expect(row).toMatchObject({ state: 'done', submittedAtMs: 0.001, waitedMs: 0.001 });
});

test('chunks that start before their submission is read are shown as chunks', () => {
  const { submit, run, pages, status } = pooled();
  run(0, 3000, 100, 0, 0);
  run(0, 3000, 100, 1, 3);
  submit(0, 2000, 'f\u00004\u000018', -5);
  run(0, 3200, 100, 0, 4);
  const { rows } = pages.page({ filter: {}, offset: 0, limit: 10 });
  expect([...rows].sort((a, b) => a.index - b.index).map((each) => [each.kind, each.items, each.state])).toEqual([
    ['chunk', 4, 'done'],
    ['chunk', 4, 'waiting'],
    ['chunk', 4, 'waiting'],
    ['chunk', 4, 'done'],
    ['chunk', 2, 'done'],
  ]);
  expect(status()).toMatchObject({ submitted: 5, started: 3, completed: 3, pending: 2 });
  expect(status()?.activity?.items).toBe(4 + 4 + 2);
});

test('a million tasks: bounded memory, every page in time, any order and filter', { timeout: 120_000 }, () => {
  const { model, submit, run, pages, status } = pooled({ pages: () => new TemporaryPages() });
  const count = 1_000_000;
  const before = process.memoryUsage();
  for (let job = 0; job < count; job++) {
    const at = 10_000 + job * 1000;
    submit(job, at, job % 2 === 0 ? 'even' : 'odd');
    run(job, at + 500, 100 + ((job * 7919) % count), job % 4, 0, job % 1000 === 0 ? v.OUTCOME_FAILED : v.OUTCOME_OK);
  }
  const after = process.memoryUsage();
  expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(64 * 2 ** 20);
  expect(status()).toMatchObject({ submitted: count, completed: 999_000, failed: 1000 });
  let slowest = 0;
  const page = (params: Omit<Parameters<typeof pages.page>[0], 'limit'>) => {
    for (;;) {
      const begun = performance.now();
      const found = pages.page({ ...params, limit: 200 });
      slowest = Math.max(slowest, performance.now() - begun);
      if (found.complete) return found;
    }
  };
  expect(page({ filter: {}, offset: 999_900 })).toMatchObject({ total: count });
  const longest = page({ filter: {}, order: 'ran', descending: true, offset: 0 });
  expect(longest.rows.map((each) => each.ranMs).slice(0, 3)).toEqual([1.001, 1, 1].map((x) => expect.closeTo(x, 2)));
  const times = page({ filter: { state: 'failed' }, order: 'ran', offset: 0 });
  expect(times.total).toBe(1000);
  const ran = times.rows.map((each) => each.ranMs ?? -1);
  expect(ran).toEqual([...ran].sort((a, b) => a - b));
  expect(page({ filter: { function: 'odd' }, offset: 10 }).rows[0]?.id).toBe(21);
  expect(page({ filter: { workerId: model.pools.workers[3]?.id ?? '' }, offset: 0 }).total).toBe(count / 4);
  // Each call is bounded so that other work gets its turn; the bound is generous because machines differ.
  expect(slowest).toBeLessThan(1500);
  model.dispose();
});

test('sorting by key is stable', () => {
  const keys = Float32Array.from([5, 0, 1e9, 5, 0.001]);
  expect([...orderBy(Uint32Array.from([10, 11, 12, 13, 14]), keys)]).toEqual([11, 14, 10, 13, 12]);
});

test('jobs whose tasks are interleaved with those of another pool are found', () => {
  const table = new JobTable();
  table.add(7, 0, 100, 3);
  table.add(8, 0, 103, 1);
  table.add(8, 1, 105, 1);
  table.add(8, 2, 106, 1);
  table.add(7, 3, 107, 1);
  table.add(3, 0, 200, 1);
  expect([table.find(7, 2), table.find(7, 3), table.find(8, 1), table.find(8, 2), table.find(3, 0)]).toEqual([
    102, 107, 105, 106, 200,
  ]);
  expect([table.find(7, 4), table.find(9, 0), table.find(2, 0)]).toEqual([-1, -1, -1]);
});

test('quantiles are accurate to 1.1 %', () => {
  const durations = new Durations();
  expect(durations.quantile(0.5)).toBe(null);
  for (let i = 1; i <= 10_000; i++) durations.add(i * 1000);
  expect(Math.abs((durations.quantile(0.5) ?? 0) / 5e6 - 1)).toBeLessThan(0.012);
  expect(Math.abs((durations.quantile(0.95) ?? 0) / 9.5e6 - 1)).toBeLessThan(0.012);
});

test('the sentence gives advice, and none where nothing is wrong', () => {
  const load = {
    size: 4,
    processes: true,
    ended: 10_000,
    items: 10_000,
    median: 40_000,
    averageBusy: 1.2,
    peak: 10_000,
    chunksizeName: 'chunksize',
  } as const;
  expect(adviceOf({ ...load, chunksizeName: 'batch_size' }).sentence).toMatch(/\. Use a batch_size of about 500\.$/);
  expect(adviceOf(load).sentence).toBe('4 workers, average 1.2 busy. Tasks take 40 µs. Use a chunksize of about 500.');
  expect(adviceOf({ ...load, averageBusy: 3.9 })).toEqual({
    chunksize: null,
    sentence: '4 workers, average 3.9 busy. Tasks take 40 µs.',
  });
  expect(adviceOf({ ...load, processes: false }).chunksize).toBe(null);
  expect(adviceOf({ ...load, median: 2e9, peak: 2, ended: 50 }).sentence).toMatch(/At most 2 tasks were in flight/);
  expect(adviceOf({ ...load, ended: 0, median: null, averageBusy: null, peak: 0 }).sentence).toMatch(
    /no tasks submitted/,
  );
  expect(adviceOf({ ...load, median: 2e9, peak: 1, ended: 50 }).sentence).toMatch(/Only one task was in flight/);
});

test('a cancelled task is not waiting, and a running one cannot be cancelled', () => {
  const { submit, run, event, main, pages, status } = pooled();
  for (let job = 0; job < 3; job++) submit(job, 2000, 'work');
  run(0, 3000, 100);
  event(main, v.KIND_TASK_RESULT, v.OUTCOME_CANCELLED, 4000, 1, 0);
  event(main, v.KIND_TASK_RESULT, v.OUTCOME_CANCELLED, 4000, 0, 0);
  expect(status()).toMatchObject({
    submitted: 3,
    completed: 1,
    failed: 0,
    cancelled: 1,
    lost: 0,
    pending: 1,
    running: 0,
  });
  const rows = pages.page({ filter: {}, offset: 0, limit: 9 }).rows;
  expect(rows.map((each) => each.state)).toEqual(['done', 'cancelled', 'waiting']);
  expect(rows[1]).toMatchObject({ waitedMs: 0.002, ranMs: null, worker: null });
});

test('a broken executor has no task left: not waiting, not running, not finished by a worker', () => {
  const { model, workers, submit, run, event, main, status } = pooled();
  for (let job = 0; job < 4; job++) submit(job, 2000, 'work');
  run(0, 2100, 100);
  run(1, 2100, 100);
  event(workers[2] as (typeof workers)[0], v.KIND_TASK_START, 0, 2200, 2, 0);
  for (const job of [1, 2, 3]) event(main, v.KIND_TASK_RESULT, v.OUTCOME_BROKEN, 5000, job, 0);
  expect(status()).toMatchObject({
    state: 'broken',
    completed: 1,
    failed: 3,
    cancelled: 0,
    lost: 0,
    pending: 0,
    running: 0,
  });
  expect(violations(model)).toEqual([]);
});

test.each([
  ['terminated', { cancelled: 2, lost: 1, pending: 0, running: 0 }],
  ['closed', { cancelled: 0, lost: 0, pending: 2, running: 1 }],
])('the remaining tasks of a pool that is %s', (state, left) => {
  const { model, main, workers, submit, run, event, pages, status } = pooled();
  for (let job = 0; job < 4; job++) submit(job, 2000, 'work');
  run(0, 2100, 100);
  event(workers[1] as (typeof workers)[0], v.KIND_TASK_START, 0, 2200, 1, 0);
  applyRecord(model, main, { type: 'poolState', t: 3000, id: QUEUE, state });
  expect(status()).toMatchObject({ submitted: 4, completed: 1, ...left });
  const of = (each: 'cancelled' | 'lost') => pages.page({ filter: { state: each }, offset: 0, limit: 9 }).total;
  expect([of('cancelled'), of('lost')]).toEqual([left.cancelled, left.lost]);
  expect(violations(model)).toEqual([]);
});

test('the tasks of a pool are lost when its process ends, and those of a worker when it dies', () => {
  const { model, main, workers, submit, event, status } = pooled();
  for (let job = 0; job < 4; job++) submit(job, 2000, 'work');
  for (const job of [0, 1]) event(workers[job] as (typeof workers)[0], v.KIND_TASK_START, 0, 2200, job, 0);
  processGone(model, (workers[0] as (typeof workers)[0]).process, 3000, { code: null, signal: 9 });
  expect(status()).toMatchObject({ lost: 1, pending: 2, running: 1 });
  processGone(model, main.process, 4000);
  expect(status()).toMatchObject({ lost: 3, pending: 0, running: 1 });
  processGone(model, (workers[1] as (typeof workers)[0]).process, 5000);
  expect(status()).toMatchObject({ cancelled: 0, lost: 4, pending: 0, running: 0 });
  expect(violations(model)).toEqual([]);
});
