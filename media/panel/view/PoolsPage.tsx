import type { JSX } from 'preact';
import { isOver, sessionTime } from '../../../server/shared/sessionView';
import { t } from '../strings';
import { PoolCard } from './pools/PoolCard';
import { TaskDetails } from './pools/TaskDetails';
import { TaskFilters } from './pools/TaskFilters';
import { TaskList } from './pools/TaskList';
import type { PageProps } from './props';
import { useTick } from './tick';

/** Pools and executors: utilization, workers, and all submitted tasks. */
export function PoolsPage({ store, session, actions }: PageProps): JSX.Element {
  const live = !isOver(session);
  const busy = [...session.poolStatus.values()].some((each) => (each.activity?.busy ?? 0) > 0);
  useTick(live && busy);
  if (session.pools.size === 0)
    return (
      <p class="hint" role="status">
        {live
          ? t('No pools or executors yet. A Pool, ThreadPool or ProcessPoolExecutor appears here once created.')
          : t('No pools or executors were created.')}
      </p>
    );
  const { tasks } = store;
  tasks.visit(session.id);
  const now = sessionTime(session, Date.now());
  return (
    <>
      <section class="pools" aria-label={t('Pools')}>
        {[...session.pools.values()].map((pool) => (
          <PoolCard
            key={pool.id}
            pool={pool}
            status={session.poolStatus.get(pool.id)}
            single={session.pools.size === 1}
            now={now}
            store={store}
            session={session}
            actions={actions}
          />
        ))}
      </section>
      <section class="messages tasks" aria-label={t('Tasks')}>
        <TaskFilters tasks={tasks} session={session} />
        <div class={`split${tasks.taskId === null ? '' : ' open'}`}>
          <TaskList tasks={tasks} actions={actions} />
          {tasks.taskId !== null && <TaskDetails store={store} session={session} actions={actions} />}
        </div>
      </section>
    </>
  );
}
