import type { JSX } from 'preact';
import type { PoolActivity, PoolMeta, PoolState, PoolStatus } from '../../../../server/protocol/views';
import { duration, fullCount, rate } from '../../../../server/shared/format';
import { t } from '../../strings';
import { Line } from '../Line';
import type { PageProps } from '../props';
import { Workers } from './Workers';

type Figure = readonly [name: string, value: string, more?: string];

/** One pool: its state, its workers at a glance, its utilization and the figures behind that sentence. */
export function PoolCard({
  pool,
  status,
  single,
  now,
  store,
  session,
  actions,
}: PageProps & { pool: PoolMeta; status: PoolStatus | undefined; single: boolean; now: number }): JSX.Element {
  const selected = store.tasks.filter.poolId === pool.id;
  const activity = status?.activity;
  const over = session.status?.state === 'ended';
  return (
    <article class={`pool${selected && !single ? ' selected' : ''}`} aria-label={t('{0} {1}', pool.kind, pool.name)}>
      <div class="top">
        <h3 class="name">{pool.name}</h3>
        <span class="kind">{pool.kind}</span>
        {status !== undefined && <span class={`poolState ${status.state}`}>{poolStateText(status.state)}</span>}
        <Line line={pool.line} actions={actions} />
        {!single && (
          <button
            type="button"
            class="toggle"
            aria-pressed={selected}
            onClick={() => store.tasks.change({ poolId: selected ? undefined : pool.id, workerId: undefined })}
          >
            {t('Show tasks')}
          </button>
        )}
      </div>
      {activity !== undefined && status !== undefined && (
        <>
          <p class="use">
            {!over && <Glance activity={activity} size={pool.size} />}
            {activity.sentence}
          </p>
          <dl class="figures">
            {figures(pool, status, activity, over).map(([name, value, more]) => (
              <div key={name} title={more}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
          <Workers pool={pool} activity={activity} now={now} store={store} session={session} actions={actions} />
        </>
      )}
    </article>
  );
}

const MAX_CELLS = 64;

/** One box per worker, filled while it has a task. The figures next to it say the same in words. */
function Glance({ activity, size }: { activity: PoolActivity; size: number }): JSX.Element | null {
  const live = activity.busy + activity.idle;
  const cells = Math.max(live, size);
  if (cells === 0 || cells > MAX_CELLS) return null;
  return (
    <span class="glance" aria-hidden="true">
      {Array.from({ length: cells }, (_, i) => (
        <i key={i} class={i < activity.busy ? 'busy' : i < live ? 'idle' : 'gone'} />
      ))}
    </span>
  );
}

function figures(pool: PoolMeta, status: PoolStatus, activity: PoolActivity, over: boolean): readonly Figure[] {
  const time = (ms: number | null) => (ms === null ? '—' : duration(ms));
  const chunks = activity.items !== status.completed + status.failed;
  return [
    [t('Size'), fullCount(pool.size), t('Workers the pool was created with')],
    ...(over
      ? []
      : ([
          [t('Busy'), fullCount(activity.busy), t('Workers running a task now')],
          [t('Idle'), fullCount(activity.idle), t('Workers without a task now')],
          [t('Tasks/s'), rate(activity.ratePerSecond), t('Tasks completed in the last second')],
        ] satisfies Figure[])),
    [t('Backlog'), fullCount(status.pending), t('Tasks waiting for a worker')],
    [
      t('Average busy'),
      activity.averageBusy === null ? '—' : activity.averageBusy.toFixed(1),
      t('Average number of workers running a task, over the time with unfinished tasks'),
    ],
    [t('Median'), time(activity.medianMs), t('Half of the tasks ran for less than this')],
    [t('p95'), time(activity.p95Ms), t('95% of the tasks ran for less than this')],
    [t('Queue time'), time(activity.medianWaitMs), t('Half of the tasks waited in the queue for less than this')],
    [t('Done'), fullCount(status.completed), t('Tasks completed successfully')],
    [t('Failed'), fullCount(status.failed), t('Tasks that raised an exception')],
    ...(status.cancelled > 0
      ? [[t('Cancelled'), fullCount(status.cancelled), t('Tasks cancelled before a worker took them')] as const]
      : []),
    ...(status.lost > 0
      ? [[t('Lost'), fullCount(status.lost), t('Tasks whose result will never arrive')] as const]
      : []),
    ...(chunks
      ? ([
          [t('Items'), fullCount(activity.items), t('Items in the finished tasks; a chunk of a map has several')],
        ] satisfies Figure[])
      : []),
    ...(activity.restarts > 0
      ? ([
          [
            t('Replaced'),
            fullCount(activity.restarts),
            activity.maxTasksPerWorker === null
              ? t('Workers that replaced one that exited')
              : t('Workers that replaced one that exited; each exits after {0} tasks', activity.maxTasksPerWorker),
          ],
        ] satisfies Figure[])
      : []),
  ];
}

function poolStateText(state: PoolState): string {
  switch (state) {
    case 'open':
      return t('open');
    case 'closed':
      return t('closed');
    case 'terminated':
      return t('terminated');
    case 'broken':
      return t('broken');
  }
}
