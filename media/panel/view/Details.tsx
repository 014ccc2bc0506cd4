import type { JSX } from 'preact';
import { bytes, duration, moment } from '../../../server/shared/format';
import type { SessionView } from '../../../server/shared/sessionView';
import { unreceived } from '../state/sessions';
import { intentText } from '../state/stops';
import type { PanelStore } from '../state/store';
import { t } from '../strings';
import { hexLines } from './hex';
import { Line } from './Line';
import { PayloadTree } from './PayloadTree';
import type { Actions } from './props';

/** Everything about the selected message. */
export function Details({
  store,
  session,
  actions,
}: {
  store: PanelStore;
  session: SessionView;
  actions: Actions;
}): JSX.Element {
  const message = store.detail;
  const close = (
    <button
      type="button"
      class="close"
      aria-label={t('Close details')}
      title={t('Close details')}
      onClick={() => void store.openMessage(null)}
    >
      ×
    </button>
  );
  if (message === null) {
    return (
      <aside class="details" aria-label={t('Message')}>
        {close}
        <p class="hint" role="status">
          {t('Loading…')}
        </p>
      </aside>
    );
  }
  const process = (id: string | null) => {
    const found = id === null ? undefined : session.processes.get(id);
    return found === undefined ? '—' : `${found.name} (pid ${found.pid})`;
  };
  return (
    <aside class="details" aria-label={t('Message {0}', message.id)}>
      {close}
      <dl>
        <dt>{t('Channel')}</dt>
        <dd>{session.channels.get(message.channelId)?.name ?? message.channelId}</dd>
        <dt>{t('From')}</dt>
        <dd>
          {process(message.from)} <Line line={message.sendLine} actions={actions} />
        </dd>
        <dt>{t('To')}</dt>
        <dd>
          {message.to === null ? unreceived(session, message) : process(message.to)}{' '}
          <Line line={message.receiveLine} actions={actions} />
        </dd>
        {message.putAtMs !== null && (
          <>
            <dt>{t('Put')}</dt>
            <dd>{moment(message.putAtMs)}</dd>
          </>
        )}
        <dt>{t('Sent')}</dt>
        <dd>
          {moment(message.sentAtMs)}
          {message.sendThread !== '' && <small>{` ${t('by thread {0}', message.sendThread)}`}</small>}
        </dd>
        <dt>{t('Received')}</dt>
        <dd>
          {message.receivedAtMs === null
            ? '—'
            : `${moment(message.receivedAtMs)}, ${t('after {0}', duration(message.receivedAtMs - message.sentAtMs))}`}
        </dd>
        {message.developer !== undefined && (
          <>
            <dt>{t('Changed')}</dt>
            <dd>{message.developer.map(intentText).join(', ')}</dd>
          </>
        )}
        <dt>{t('Size')}</dt>
        <dd>
          {bytes(message.bytes)}
          {message.recordedBytes < message.bytes && (
            <small>{` ${t('the first {0} were recorded', bytes(message.recordedBytes))}`}</small>
          )}
        </dd>
      </dl>
      <h2>{t('Payload')}</h2>
      {message.encoding === 'gone' ? (
        <p class="hint">{t('No longer recorded: the size limit of the journals was reached.')}</p>
      ) : (
        <div class="tree" role="group" aria-label={t('Payload')}>
          <PayloadTree node={message.tree} />
        </div>
      )}
      {message.hex !== '' && (
        <details>
          <summary>{t('Bytes')}</summary>
          <pre class="hex">{hexLines(message.hex).join('\n')}</pre>
        </details>
      )}
    </aside>
  );
}
