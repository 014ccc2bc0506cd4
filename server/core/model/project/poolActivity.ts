import { BATCH_ARGUMENTS } from '../../../protocol/libraries';
import type { PoolActivity, WorkerState } from '../../../protocol/views';
import type { Pool } from '../entities/pool';
import type { PoolWorker } from '../entities/poolWorker';
import { MAX_TASKS } from '../entities/taskIndex';
import { poolSpans } from '../query/poolSpans';
import type { SessionModel } from '../state/sessionModel';
import { adviceOf } from './poolAdvice';

/** Maximum number of ended workers listed, the latest ones: maxtasksperchild may create thousands. */
const MAX_ENDED = 50;

/** A pool's current work and its utilization. @param now monotonic ns; @param describeArguments a task's arguments as short text */
export function poolActivity(
  model: SessionModel,
  pool: Pool,
  now: number,
  describeArguments: (task: number) => string = () => '',
): PoolActivity {
  const all = [...pool.byKey.values()];
  const live = all.filter((each) => !each.ended);
  const gone = all.filter((each) => each.ended);
  const busy = live.filter((each) => each.task >= 0).length;
  // Counts made during reading depend slightly on the order of the journals. At the end they are derived from the tasks.
  const { active, peak } = (model.state === 'ended' && model.tasks.count < MAX_TASKS
    ? poolSpans(model.tasks, model.pools.list, now).get(pool.number)
    : undefined) ?? { active: pool.active(now), peak: pool.peak };
  const busyNs = all.reduce((sum, each) => sum + each.busyNs + running(each, now), 0);
  // Rounded here so that the sentence and the figure beside it agree.
  const averageBusy = active > 0 && pool.started > 0 ? Math.round((busyNs / active) * 100) / 100 : null;
  const median = pool.ran.quantile(0.5);
  const advice = adviceOf({
    size: pool.size,
    processes: pool.kind !== 'ThreadPool',
    ended: pool.ran.count,
    items: pool.items,
    median,
    averageBusy,
    peak,
    chunksizeName: BATCH_ARGUMENTS[pool.library || 'standard'] ?? null,
  });
  return {
    busy,
    idle: live.length - busy,
    ratePerSecond: pool.rate.perSecond(model.state === 'ended' ? null : now),
    medianMs: ms(median),
    p95Ms: ms(pool.ran.quantile(0.95)),
    medianWaitMs: ms(pool.waited.quantile(0.5)),
    averageBusy,
    restarts: Math.max(0, Math.max(pool.workers.length, all.length) - pool.size),
    maxTasksPerWorker: pool.maxTasks || null,
    items: pool.items,
    chunksize: advice.chunksize,
    sentence: advice.sentence,
    workers: [...live, ...gone.slice(-MAX_ENDED)].map((each) => workerState(model, each, describeArguments)),
    moreWorkers: Math.max(0, gone.length - MAX_ENDED),
  };
}

function workerState(
  model: SessionModel,
  worker: PoolWorker,
  describeArguments: (task: number) => string,
): WorkerState {
  const { task, ended } = worker;
  const entry = model.tasks.entry(task);
  return {
    id: worker.id,
    name: worker.name,
    processId: worker.image.process.id,
    state: ended ? (task >= 0 ? 'lost' : 'ended') : task >= 0 ? 'busy' : 'idle',
    done: worker.done,
    failed: worker.failed,
    busyMs: Math.round(worker.busyNs / 1e3) / 1e3,
    current:
      entry === null
        ? null
        : {
            taskId: task,
            function: model.tasks.functions[entry.function]?.name ?? '',
            arguments: describeArguments(task),
            sinceMs: Math.max(0, (worker.since - model.origin) / 1e6),
            line: model.locations.line(entry.line),
            functionLine: model.locations.line(model.tasks.functions[entry.function]?.line ?? 0),
          },
  };
}

function running(worker: PoolWorker, now: number): number {
  return worker.task >= 0 && !worker.ended ? Math.max(0, now - worker.since) : 0;
}
function ms(ns: number | null): number | null {
  return ns === null ? null : Math.round(ns / 1e2) / 1e4;
}
