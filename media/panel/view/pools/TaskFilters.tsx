import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { TASK_STATES, type TaskState, type WorkerState } from '../../../../server/protocol/views';
import { fullCount } from '../../../../server/shared/format';
import type { SessionView } from '../../../../server/shared/sessionView';
import type { TaskTable } from '../../state/taskTable';
import { t } from '../../strings';
import { taskStateText } from './TaskIcon';

const TYPING_MS = 200;

/** The filters of the task list: pool or worker, state, text. */
export function TaskFilters({ tasks, session }: { tasks: TaskTable; session: SessionView }): JSX.Element {
  const { filter, pages } = tasks;
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // A filter set elsewhere is displayed; text being typed is left alone.
    if (input.current !== null && document.activeElement !== input.current) input.current.value = filter.text ?? '';
  }, [filter.text]);
  return (
    <div class="filters" role="toolbar" aria-label={t('Filters')}>
      {session.pools.size > 1 && (
        <select
          aria-label={t('Pool')}
          value={filter.poolId ?? ''}
          onChange={(event) => tasks.change({ poolId: event.currentTarget.value, workerId: undefined })}
        >
          <option value="">{t('All pools')}</option>
          {[...session.pools.values()].map((each) => (
            <option key={each.id} value={each.id}>
              {each.name}
            </option>
          ))}
        </select>
      )}
      <select
        aria-label={t('State')}
        value={filter.state ?? ''}
        onChange={(event) => tasks.change({ state: (event.currentTarget.value || undefined) as TaskState | undefined })}
      >
        <option value="">{t('All states')}</option>
        {TASK_STATES.map((each) => (
          <option key={each} value={each}>
            {taskStateText(each)}
          </option>
        ))}
      </select>
      <select
        aria-label={t('Worker')}
        value={filter.workerId ?? ''}
        onChange={(event) => tasks.change({ workerId: event.currentTarget.value })}
      >
        <option value="">{t('All workers')}</option>
        {workersOf(session, filter.poolId).map((each) => (
          <option key={each.id} value={each.id}>
            {each.name}
          </option>
        ))}
      </select>
      <input
        ref={input}
        type="search"
        placeholder={t('Filter by function, arguments, result')}
        aria-label={t('Filter by function, arguments, result')}
        onInput={(event) => {
          const text = event.currentTarget.value;
          if (timer.current !== null) clearTimeout(timer.current);
          timer.current = setTimeout(() => tasks.change({ text }), TYPING_MS);
        }}
      />
      <span class="shown" role="status">
        {!pages.complete && (filter.text ?? '') !== ''
          ? t('{0} found, searching…', fullCount(pages.total))
          : pages.total === 1
            ? t('1 task')
            : t('{0} tasks', fullCount(pages.total))}
      </span>
      {Object.keys(filter).length > 0 && (
        <button type="button" onClick={() => tasks.setFilter({})}>
          {t('Clear Filters')}
        </button>
      )}
    </div>
  );
}

function workersOf(session: SessionView, poolId: string | undefined): readonly WorkerState[] {
  const all = [...session.poolStatus.values()].filter((each) => poolId === undefined || each.id === poolId);
  const byId = new Map(all.flatMap((each) => each.activity?.workers ?? []).map((each) => [each.id, each]));
  return [...byId.values()];
}
