import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { TaskOrder, TaskRow } from '../../../../server/protocol/views';
import { baseName, duration, fullCount, seconds } from '../../../../server/shared/format';
import type { TaskTable } from '../../state/taskTable';
import { t } from '../../strings';
import type { Actions } from '../props';
import { RowSpace, rowForKey, useVirtualRows } from '../virtualRows';
import { TaskIcon, taskStateText } from './TaskIcon';

interface Column {
  readonly name: string;
  readonly title: () => string;
  /** Absent: the list cannot be sorted by it. */
  readonly order?: TaskOrder;
  readonly number?: boolean;
}
const COLUMNS: readonly Column[] = [
  { name: 'status', title: () => t('State'), order: 'state' },
  { name: 'submitted', title: () => t('Submitted (s)'), order: 'submitted', number: true },
  { name: 'function', title: () => t('Function'), order: 'function' },
  { name: 'arguments', title: () => t('Arguments') },
  { name: 'waited', title: () => t('Queue time'), order: 'waited', number: true },
  { name: 'ran', title: () => t('Run time'), order: 'ran', number: true },
  { name: 'worker', title: () => t('Worker'), order: 'worker' },
  { name: 'result', title: () => t('Result') },
  { name: 'line', title: () => t('Submitted at') },
];

/** All tasks, only visible ones drawn. Arrow keys, Page Up and Down, Home and End move the selection, headings sort. */
export function TaskList({ tasks, actions }: { tasks: TaskTable; actions: Actions }): JSX.Element {
  const { pages } = tasks;
  const { body, shown, fitting, onScroll, bringIntoSight } = useVirtualRows(pages.total);
  const [focused, setFocused] = useState(-1);
  tasks.looksAt(shown.first, shown.first + shown.count);
  const rows: (TaskRow | null)[] = [];
  for (let i = 0; i < shown.count; i++) rows.push(pages.row(shown.first + i));

  const select = (index: number, row: TaskRow | null) => {
    setFocused(index);
    if (row !== null) void tasks.open(row.id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if ((event.target as Element).closest('button') !== null) return;
    const target = rowForKey(event.key, focused < 0 ? shown.first : focused, fitting, pages.total);
    if (target !== undefined && pages.total > 0) {
      event.preventDefault();
      const next = Math.max(0, Math.min(pages.total - 1, target));
      bringIntoSight(next);
      select(next, pages.row(next));
    } else if (event.key === 'Escape' && tasks.taskId !== null) tasks.close();
  };
  return (
    <div
      class="list"
      role="grid"
      tabIndex={0}
      aria-label={t('Tasks')}
      aria-rowcount={pages.total + 1}
      aria-colcount={COLUMNS.length}
      aria-activedescendant={focused >= 0 ? `task-${focused}` : undefined}
      onKeyDown={onKeyDown}
    >
      <div class="row head" role="row" aria-rowindex={1}>
        {COLUMNS.map((each) => (
          <Heading key={each.name} column={each} tasks={tasks} />
        ))}
      </div>
      <div class="body" ref={body} onScroll={onScroll}>
        {pages.total === 0 && pages.answered && <Nothing tasks={tasks} />}
        <RowSpace shown={shown}>
          {rows.map((row, i) => {
            const index = shown.first + i;
            const selected = row !== null && row.id === tasks.taskId;
            return (
              <div
                key={index}
                id={`task-${index}`}
                role="row"
                aria-rowindex={index + 2}
                aria-selected={selected}
                class={`row ${row?.state ?? ''}${selected ? ' selected' : ''}`}
                onClick={() => select(index, row)}
              >
                {row === null ? (
                  <span role="gridcell" class="loading">
                    …
                  </span>
                ) : (
                  <Cells row={row} actions={actions} />
                )}
              </div>
            );
          })}
        </RowSpace>
      </div>
    </div>
  );
}

function Heading({ column, tasks }: { column: Column; tasks: TaskTable }): JSX.Element {
  const { order } = column;
  const sorted = order !== undefined && order === tasks.order;
  return (
    <span
      role="columnheader"
      class={column.name}
      aria-sort={sorted ? (tasks.descending ? 'descending' : 'ascending') : undefined}
    >
      {order === undefined ? (
        column.title()
      ) : (
        <button type="button" class="sort" title={t('Sort by {0}', column.title())} onClick={() => tasks.sortBy(order)}>
          {column.title()}
          {sorted && <span aria-hidden="true">{tasks.descending ? ' ▾' : ' ▴'}</span>}
        </button>
      )}
    </span>
  );
}

function Cells({ row, actions }: { row: TaskRow; actions: Actions }): JSX.Element {
  const { submitLine } = row;
  const time = (ms: number | null) => (ms === null ? '—' : duration(ms));
  return (
    <>
      <span role="gridcell" class="status" title={taskStateText(row.state)}>
        <TaskIcon state={row.state} label={taskStateText(row.state)} />
        <span class="word" aria-hidden="true">
          {taskStateText(row.state)}
        </span>
      </span>
      <span role="gridcell" class="submitted">
        {seconds(row.submittedAtMs)}
      </span>
      <span role="gridcell" class="function">
        {row.function}
        {row.kind === 'chunk' && <span class="chip">{chunkText(row.items)}</span>}
      </span>
      <span role="gridcell" class="arguments">
        {row.arguments}
      </span>
      <span role="gridcell" class="waited">
        {time(row.waitedMs)}
      </span>
      <span role="gridcell" class="ran">
        {time(row.ranMs)}
      </span>
      <span role="gridcell" class="worker" title={row.worker ?? undefined}>
        <bdi>{row.worker ?? '—'}</bdi>
      </span>
      <span role="gridcell" class="result">
        {row.result}
      </span>
      <span role="gridcell" class="line">
        {submitLine !== null && (
          // By keyboard the same link is reachable in the details.
          <button type="button" class="link" tabIndex={-1} onClick={() => actions.openLine(submitLine)}>
            {`${baseName(submitLine.file)}:${submitLine.line}`}
          </button>
        )}
      </span>
    </>
  );
}

export function chunkText(items: number): string {
  return items === 0 ? t('chunk') : items === 1 ? t('chunk of 1 item') : t('chunk of {0} items', fullCount(items));
}

function Nothing({ tasks }: { tasks: TaskTable }): JSX.Element {
  return (
    <p class="hint" role="status">
      {Object.keys(tasks.filter).length > 0 ? t('No tasks match the filters.') : t('No tasks submitted yet.')}
    </p>
  );
}
