import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { PoolActivity, PoolMeta, WorkerState } from '../../../../server/protocol/views';
import { duration, elapsed, fullCount } from '../../../../server/shared/format';
import { t } from '../../strings';
import { Line } from '../Line';
import type { PageProps } from '../props';
import { TaskIcon } from './TaskIcon';

/** A pool's workers: current task with its start, and totals. */
export function Workers({
  pool,
  activity,
  now,
  store,
  session,
  actions,
}: PageProps & { pool: PoolMeta; activity: PoolActivity; now: number }): JSX.Element | null {
  const [open, setOpen] = useState(true);
  const { workers, moreWorkers, maxTasksPerWorker } = activity;
  if (workers.length === 0) return null;
  const filtered = store.tasks.filter;
  const summary = [
    t('{0} workers', fullCount(workers.length + moreWorkers)),
    ...(activity.busy + activity.idle === workers.length
      ? []
      : [t('{0} alive', fullCount(activity.busy + activity.idle))]),
  ].join(', ');
  return (
    <details class="workers" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{summary}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('Worker')}</th>
            <th scope="col">{t('Current task')}</th>
            <th scope="col" class="number">
              {t('Since')}
            </th>
            <th scope="col" class="number">
              {t('Done')}
            </th>
            <th scope="col" class="number">
              {t('Failed')}
            </th>
            <th scope="col" class="number">
              {t('Busy time')}
            </th>
            <th scope="col">
              <span class="unseen">{t('Tasks')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {workers.map((worker) => {
            const { current } = worker;
            const ended = worker.done + worker.failed;
            const only = filtered.poolId === pool.id && filtered.workerId === worker.id;
            return (
              <tr key={worker.id} class={worker.state}>
                <th scope="row">
                  <TaskIcon state={workerIcon(worker)} label={workerStateText(worker)} />
                  <button
                    type="button"
                    class="link"
                    title={t('Show its process in the tree')}
                    onClick={() => actions.reveal(worker.processId)}
                  >
                    {worker.name}
                  </button>
                  <Pid worker={worker} pid={session.processes.get(worker.processId)?.pid} />
                </th>
                <td class="now">
                  {current === null ? (
                    <span class="quiet">{workerStateText(worker)}</span>
                  ) : (
                    <>
                      <button type="button" class="link call" onClick={() => void store.tasks.open(current.taskId)}>
                        {`${current.function}(${current.arguments})`}
                      </button>
                      <Line line={current.functionLine ?? current.line} actions={actions} />
                    </>
                  )}
                </td>
                <td class="number">{current === null ? '' : elapsed(now - current.sinceMs)}</td>
                <td
                  class="number"
                  title={maxTasksPerWorker === null ? undefined : t('Exits after {0} tasks', maxTasksPerWorker)}
                >
                  {fullCount(worker.done)}
                  {maxTasksPerWorker !== null && worker.state !== 'ended' && (
                    <small>{` ${t('{0} of {1}', fullCount(ended), fullCount(maxTasksPerWorker))}`}</small>
                  )}
                </td>
                <td class={`number${worker.failed > 0 ? ' bad' : ''}`}>{fullCount(worker.failed)}</td>
                <td class="number">{duration(worker.busyMs)}</td>
                <td>
                  <button
                    type="button"
                    class="link"
                    aria-pressed={only}
                    aria-label={t('Only the tasks of {0}', worker.name)}
                    onClick={() =>
                      store.tasks.change(only ? { workerId: undefined } : { poolId: pool.id, workerId: worker.id })
                    }
                  >
                    {only ? t('All tasks') : t('Show tasks')}
                  </button>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {moreWorkers > 0 && <p class="quiet">{t('and {0} earlier ones that exited', fullCount(moreWorkers))}</p>}
    </details>
  );
}

/** Threads of the process need none: they are identified by name. */
function Pid({ worker, pid }: { worker: WorkerState; pid: number | undefined }): JSX.Element | null {
  return worker.id === worker.processId && pid !== undefined ? <small>{`pid ${pid}`}</small> : null;
}

function workerIcon(worker: WorkerState): 'running' | 'waiting' | 'done' | 'lost' {
  switch (worker.state) {
    case 'busy':
      return 'running';
    case 'idle':
      return 'waiting';
    case 'ended':
      return 'done';
    case 'lost':
      return 'lost';
  }
}
function workerStateText(worker: WorkerState): string {
  switch (worker.state) {
    case 'busy':
      return t('busy');
    case 'idle':
      return t('idle');
    case 'ended':
      return t('ended');
    case 'lost':
      return t('died during a task');
  }
}
