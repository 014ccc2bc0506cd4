import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Finding } from '../../../server/protocol/views';
import { elapsed } from '../../../server/shared/format';
import { sessionTime } from '../../../server/shared/sessionView';
import { captionText } from '../../../server/shared/text/captions';
import { findingText } from '../../../server/shared/text/findings';
import { drawingOf } from '../state/waits';
import { t } from '../strings';
import { Line } from './Line';
import type { PageProps } from './props';
import { SeverityIcon } from './SeverityIcon';
import { Drawing } from './waits/Drawing';

/**
 * One finding: the sentence, the advice, every line that shows it, and, while they wait, the drawing of the processes
 * concerned.
 */
export function FindingCard({
  finding,
  store,
  session,
  actions,
  width,
  marked,
}: PageProps & { finding: Finding; width: number; marked: boolean }): JSX.Element {
  const card = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (marked) card.current?.scrollIntoView({ block: 'nearest' });
  }, [marked]);
  const drawing = finding.over ? null : drawingOf(session, finding.processes);
  const since = elapsed(sessionTime(session, Date.now()) - finding.sinceMs);
  const first = finding.processes[0];
  const { message, advice } = findingText(finding);
  return (
    <li class={`finding ${finding.severity}${marked ? ' marked' : ''}`} ref={card}>
      <p class="sentence">
        <SeverityIcon severity={finding.severity} />
        <span>{message}</span>
      </p>
      <p class="advice">
        <strong>{t('What to do:')}</strong> {advice}
      </p>
      {finding.lines.length > 0 && (
        <ul class="evidence" aria-label={t('Lines that show it')}>
          {finding.lines.map((each, index) => (
            <li key={index}>
              <Line line={each.line} actions={actions} /> {captionText(each.caption)}
            </li>
          ))}
        </ul>
      )}
      {drawing !== null && drawing.arrows.length + drawing.pills.length > 0 && (
        <div class="part">
          <Drawing
            session={session}
            drawing={drawing}
            actions={actions}
            width={width}
            marked={null}
            onMark={(node) => actions.reveal(node.id)}
          />
        </div>
      )}
      <p class="foot">
        <span>{finding.over ? t('lasted until processes ended') : t('for {0}', since)}</span>
        <button
          type="button"
          class="link"
          title={t('Open the page that explains this finding')}
          onClick={() => actions.finding(finding.code, 'explain')}
        >
          {finding.code}
        </button>
        {drawing !== null && drawing.pills.length > 0 && first !== undefined && (
          <button
            type="button"
            class="link"
            onClick={() => store.focus({ sessionId: session.id, page: 'waits', processId: first })}
          >
            {t('Show all waits')}
          </button>
        )}
        <button
          type="button"
          class="link mute"
          title={t('Hides findings of this type everywhere. To undo, change the setting forkscope.findings.muted')}
          onClick={() => actions.finding(finding.code, 'mute')}
        >
          {t('Mute {0}', finding.code)}
        </button>
      </p>
    </li>
  );
}
