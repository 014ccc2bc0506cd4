import type { JSX } from 'preact';
import { type SessionView, sessionTime } from '../../../../server/shared/sessionView';
import type { WaitArrow, WaitDrawing, WaitNode } from '../../state/waits';
import { arrowText, nodeName, pillSentence } from '../../state/waitText';
import { t } from '../../strings';
import { Line } from '../Line';
import type { Actions } from '../props';

/** The drawing as a list: for screen readers, and as text. */
export function WaitList({
  session,
  drawing,
  actions,
  onMark,
}: {
  session: SessionView;
  drawing: WaitDrawing;
  actions: Actions;
  onMark(node: WaitNode, process: string): void;
}): JSX.Element {
  const now = sessionTime(session, Date.now());
  const most = drawing.nodes.filter((each) => each.processes.length > 1);
  const endsOf = new Map<string, WaitArrow[]>();
  for (const each of drawing.arrows) {
    const known = endsOf.get(each.pill);
    if (known === undefined) endsOf.set(each.pill, [each]);
    else known.push(each);
  }
  return (
    <>
      <ul class="waitList" aria-label={t('Waits')}>
        {drawing.pills.map((pill) => {
          const ends = endsOf.get(pill.id) ?? [];
          return (
            <li key={pill.id} class={pill.cycle ? 'cycle' : ''}>
              {pillSentence(session, drawing, pill, now)} <Line line={pill.line} actions={actions} />
              {ends.length > 0 && (
                <div class="ends">
                  {t('Could be unblocked by: {0}', ends.map((each) => arrowText(session, drawing, each)).join('; '))}
                </div>
              )}
            </li>
          );
        })}
      </ul>
      {most.map((node) => (
        <details key={node.id}>
          <summary>{nodeName(session, node)}</summary>
          <ul class="members">
            {node.processes.map((id) => {
              const meta = session.processes.get(id);
              return (
                <li key={id}>
                  <button type="button" class="link" onClick={() => onMark(node, id)}>
                    {meta === undefined ? id : t('{0} (pid {1})', meta.name, meta.pid)}
                  </button>
                </li>
              );
            })}
          </ul>
        </details>
      ))}
    </>
  );
}
