import type { JSX } from 'preact';
import { findingText } from '../../../server/shared/text/findings';
import { drawingOf } from '../state/waits';
import { t } from '../strings';
import type { PageProps } from './props';
import { SeverityIcon } from './SeverityIcon';
import { useTick } from './tick';
import { useWidth } from './useWidth';
import { Drawing } from './waits/Drawing';
import { WaitList } from './waits/WaitList';

/** The current waits: the fault in one sentence, the drawing, and the same as a list. */
export function WaitsPage({ store, session, actions }: PageProps): JSX.Element {
  const drawing = drawingOf(session);
  const [ref, width] = useWidth<HTMLDivElement>();
  useTick(drawing.pills.length > 0);
  const drawn = new Set(drawing.nodes.flatMap((each) => each.processes));
  // A warning about a process that is blocked here may be the cause: a fork with running threads, after which the child
  // hangs.
  const wrong = session.findings.filter(
    (each) =>
      !each.over &&
      (each.severity === 'error' || (each.severity === 'warning' && each.processes.some((id) => drawn.has(id)))),
  );
  const mark = (process: string) => {
    store.mark(process);
    actions.reveal(process);
  };
  const marked = store.markedProcess;
  const idle = marked !== null && !drawing.nodes.some((each) => each.processes.includes(marked));
  return (
    <div class="waitsPage" ref={ref}>
      {wrong.map((each) => (
        <button
          type="button"
          key={each.id}
          class={`cause ${each.severity}`}
          title={t('Show this finding')}
          onClick={() => store.focus({ sessionId: session.id, page: 'findings', findingId: each.id })}
        >
          <SeverityIcon severity={each.severity} />
          <span>{findingText(each).message}</span>
        </button>
      ))}
      {idle && (
        <p class="hint" role="status">
          {t('{0} is not blocked now.', session.processes.get(marked)?.name ?? marked)}
        </p>
      )}
      {drawing.pills.length === 0 ? (
        <p class="hint" role="status">
          {session.status?.state === 'ended'
            ? t('The program has ended. Hangs that happened are under Findings.')
            : t('No process is blocked. Blocked processes and what they wait for appear here.')}
        </p>
      ) : (
        <>
          <Drawing
            session={session}
            drawing={drawing}
            actions={actions}
            width={width}
            marked={marked}
            onMark={(node) => mark(node.id)}
          />
          {drawing.leftOut > 0 && (
            <p class="hint" role="status">
              {t('{0} more waits are not drawn.', drawing.leftOut)}
            </p>
          )}
          <h2>{t('As text')}</h2>
          <WaitList session={session} drawing={drawing} actions={actions} onMark={(_, process) => mark(process)} />
        </>
      )}
    </div>
  );
}
