import type { ComponentChildren, JSX } from 'preact';
import type { ProcessId, TaskDetail } from '../../../../server/protocol/views';
import { duration, fullCount, moment } from '../../../../server/shared/format';
import type { SessionView } from '../../../../server/shared/sessionView';
import type { PanelStore } from '../../state/store';
import { tracebackLines } from '../../state/traceback';
import { t } from '../../strings';
import { Line } from '../Line';
import { PayloadTree } from '../PayloadTree';
import type { Actions } from '../props';
import { TaskIcon, taskStateText } from './TaskIcon';
import { chunkText } from './TaskList';

interface Props {
  readonly store: PanelStore;
  readonly session: SessionView;
  readonly actions: Actions;
}

/** Everything about the selected task. */
export function TaskDetails({ store, session, actions }: Props): JSX.Element {
  const { tasks } = store;
  const task = tasks.detail;
  return (
    <aside
      class="details"
      aria-label={task === null ? t('Task') : t('Task {0}', task.id)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') tasks.close();
      }}
    >
      <button
        type="button"
        class="close"
        aria-label={t('Close details')}
        title={t('Close details')}
        onClick={() => tasks.close()}
      >
        ×
      </button>
      {task === null || task.id !== tasks.taskId ? (
        <p class="hint" role="status">
          {t('Loading…')}
        </p>
      ) : (
        <>
          <h2>
            <TaskIcon state={task.state} label="" />
            {taskStateText(task.state)}
          </h2>
          <Outcome task={task} actions={actions} />
          <Facts task={task} session={session} actions={actions} />
          <h2>{task.kind === 'chunk' ? t('Items') : t('Arguments')}</h2>
          {task.argumentsTree === null ? (
            <p class="hint">{t('Not recorded: threads pass them in memory, without a message.')}</p>
          ) : (
            <div class="tree" role="group" aria-label={t('Arguments')}>
              <PayloadTree node={task.argumentsTree} />
            </div>
          )}
          <Messages task={task} store={store} />
        </>
      )}
    </aside>
  );
}

function Facts({ task, session, actions }: { task: TaskDetail; session: SessionView; actions: Actions }): JSX.Element {
  const at = (ms: number) => moment(ms);
  const facts: [string, ComponentChildren][] = [
    [
      t('Function'),
      <>
        <code>{task.function}</code> {task.kind === 'chunk' && <span class="chip">{chunkText(task.items)}</span>}{' '}
        <Line line={task.functionLine} actions={actions} />
      </>,
    ],
    [
      t('Submitted'),
      <>
        {at(task.submittedAtMs)} <Line line={task.submitLine} actions={actions} />
        <small>{` ${t('batch {0}, chunk {1}', fullCount(task.job), fullCount(task.index))}`}</small>
      </>,
    ],
    [t('Queue time'), task.waitedMs === null ? '—' : duration(task.waitedMs)],
    [
      t('Run time'),
      task.startedAtMs === null || task.ranMs === null
        ? '—'
        : `${duration(task.ranMs)}, ${t('from {0}', at(task.startedAtMs))}`,
    ],
    [t('Worker'), <Worker task={task} session={session} actions={actions} />],
  ];
  return (
    <dl>
      {facts.map(([name, value]) => (
        <>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </>
      ))}
    </dl>
  );
}

function Worker({ task, session, actions }: { task: TaskDetail; session: SessionView; actions: Actions }): JSX.Element {
  const { worker, workerId } = task;
  if (worker === null || workerId === null) return <>{t('none')}</>;
  // The worker of a thread pool is a thread of the process that created the pool.
  const own = session.processes.get(workerId);
  const processId: ProcessId | null = own?.id ?? session.pools.get(task.poolId)?.processId ?? null;
  if (processId === null) return <>{worker}</>;
  return (
    <>
      <button
        type="button"
        class="link"
        title={t('Show its process in the tree')}
        onClick={() => actions.reveal(processId)}
      >
        {worker}
      </button>
      {own !== undefined && <small>{` pid ${own.pid}`}</small>}
    </>
  );
}

function Outcome({ task, actions }: { task: TaskDetail; actions: Actions }): JSX.Element | null {
  if (task.state === 'lost')
    return (
      <p class="outcome bad">
        {task.startedAtMs === null
          ? t('The pool ended before a worker took this task; its result will never arrive.')
          : t('The worker died during this task; its result will never arrive.')}
      </p>
    );
  if (task.state === 'cancelled') return <p class="outcome">{t('Cancelled before a worker took it.')}</p>;
  if (task.state === 'failed')
    return (
      <>
        <p class="outcome bad">{task.exception ?? task.result}</p>
        {task.traceback !== null && (
          <pre class="traceback" title={t('Traceback of its worker')}>
            {tracebackLines(task.traceback).map((each, index) => {
              const { line } = each;
              return line === null ? (
                `${each.text}\n`
              ) : (
                <span key={index}>
                  {/^\s*/.exec(each.text)?.[0]}
                  <button type="button" class="link" onClick={() => actions.openLine(line)}>
                    {each.text.trimStart()}
                  </button>
                  {'\n'}
                </span>
              );
            })}
          </pre>
        )}
      </>
    );
  if (task.state !== 'done') return null;
  return (
    <>
      {task.resultTree === null ? (
        <p class="hint">{task.result === '' ? t('Not recorded') : task.result}</p>
      ) : (
        <div class="tree" role="group" aria-label={t('Result')}>
          <PayloadTree node={task.resultTree} />
        </div>
      )}
    </>
  );
}

/** The messages that carried it to its worker and its result back. */
function Messages({ task, store }: { task: TaskDetail; store: PanelStore }): JSX.Element | null {
  const links = [
    [task.taskMessage, t('Message that delivered it')],
    [task.resultMessage, t('Message that returned its result')],
  ] as const;
  if (links.every(([id]) => id === null)) return null;
  return (
    <p class="links">
      {links.map(
        ([id, text]) =>
          id !== null && (
            <button key={text} type="button" class="link" onClick={() => store.showMessage(id)}>
              {text}
            </button>
          ),
      )}
    </p>
  );
}
