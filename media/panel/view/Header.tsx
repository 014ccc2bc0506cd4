import type { JSX } from 'preact';
import { elapsed, fullCount } from '../../../server/shared/format';
import { isOver, type SessionView, sessionTime } from '../../../server/shared/sessionView';
import type { PanelStore } from '../state/store';
import { t } from '../strings';
import type { Actions } from './props';
import { useTick } from './tick';

export function Header({
  store,
  session,
  actions,
}: {
  store: PanelStore;
  session: SessionView;
  actions: Actions;
}): JSX.Element {
  const status = session.status;
  const counts = status?.counts;
  const ended = status?.state === 'ended';
  useTick(!isOver(session));
  return (
    <header class="header">
      <div class="line">
        <span class={`state ${stateClass(session)}`} role="img" aria-label={stateText(session)} />
        {store.sessions.size > 1 ? (
          <select
            class="name"
            aria-label={t('Session')}
            value={session.id}
            onChange={(event) => store.select(event.currentTarget.value)}
          >
            {[...store.sessions.values()].map((each) => (
              <option key={each.id} value={each.id}>
                {each.meta?.name ?? each.id} · {new Date(each.meta?.startedAt ?? 0).toLocaleTimeString()}
              </option>
            ))}
          </select>
        ) : (
          <strong class="name">{session.meta?.name}</strong>
        )}
        <span class="facts">
          {/* Only changes of the state are announced: the numbers change all the time. */}
          <span role="status">{stateText(session)}</span>
          {counts !== undefined && (
            <>
              {' · '}
              {ended
                ? counts.processes === 1
                  ? t('1 process')
                  : t('{0} processes', fullCount(counts.processes))
                : t('{0} of {1} processes alive', fullCount(counts.alive), fullCount(counts.processes))}
              {' · '}
              {counts.messages === 1 ? t('1 message') : t('{0} messages', fullCount(counts.messages))}
            </>
          )}
          {status !== undefined && ` · ${elapsed(sessionTime(session, Date.now()))}`}
        </span>
        <span class="buttons">
          {!ended && !session.meta?.recorded && (
            <button type="button" onClick={() => actions.run('stop')}>
              {t('Stop')}
            </button>
          )}
          <button type="button" onClick={() => actions.run('save')}>
            {t('Save Recording…')}
          </button>
          {ended && (
            <button type="button" onClick={() => actions.run('close')}>
              {t('Close')}
            </button>
          )}
        </span>
      </div>
      {counts !== undefined && counts.dropped > 0 && (
        <p class="warning" role="alert">
          {t(
            '{0} events were dropped: the size limit of the journals was reached. Counts are still exact; the oldest messages cannot be shown.',
            fullCount(counts.dropped),
          )}
        </p>
      )}
      {status?.warnings.map((each) => (
        <p class="warning" key={each}>
          {each}
        </p>
      ))}
    </header>
  );
}

function stateClass(session: SessionView): string {
  const status = session.status;
  if (status === undefined || status.state !== 'ended') return 'running';
  return status.exitCode === 0 ? 'ok' : 'failed';
}

function stateText(session: SessionView): string {
  const status = session.status;
  if (status === undefined || status.state === 'starting') return t('starting');
  if (status.state === 'running')
    return status.exitCode === null && status.signal === null ? t('running') : t('main process ended');
  if (status.signal !== null) return t('killed by {0}', status.signal);
  return status.exitCode === null ? t('ended') : t('exit code {0}', status.exitCode);
}
