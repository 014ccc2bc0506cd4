import type { JSX } from 'preact';
import { t } from '../strings';
import { FindingCard } from './FindingCard';
import type { PageProps } from './props';
import { useTick } from './tick';
import { useWidth } from './useWidth';

/** The program's findings, most severe first. */
export function FindingsPage({ store, session, actions }: PageProps): JSX.Element {
  const [ref, width] = useWidth<HTMLDivElement>();
  const { findings } = session;
  useTick(findings.some((each) => !each.over));
  return (
    <div class="findingsPage" ref={ref}>
      {findings.length === 0 ? (
        <p class="hint" role="status">
          {session.status?.state === 'ended'
            ? t('No problems found.')
            : t('No problems found so far. Deadlocks, lost tasks and other problems appear here within seconds.')}
        </p>
      ) : (
        <ul class="findings" aria-label={t('Findings')}>
          {findings.map((each) => (
            <FindingCard
              key={each.id}
              finding={each}
              store={store}
              session={session}
              actions={actions}
              width={width - 48}
              marked={each.id === store.markedFinding}
            />
          ))}
        </ul>
      )}
    </div>
  );
}
