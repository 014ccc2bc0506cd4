import type { JSX } from 'preact';
import type { PanelCommand } from '../../../server/protocol/panel';
import type { SourceLine } from '../../../server/protocol/views';
import type { PanelStore } from '../state/store';
import { t } from '../strings';
import { Channels } from './Channels';
import { Details } from './Details';
import { Filters } from './Filters';
import { Header } from './Header';
import { MessageList } from './MessageList';

/** What the views ask of the extension. */
export interface Actions {
  openLine(line: SourceLine): void;
  run(command: PanelCommand): void;
}

export function App({ store, actions }: { store: PanelStore; actions: Actions }): JSX.Element {
  const session = store.session;
  if (session === null) return <Empty store={store} actions={actions} />;
  return (
    <div class="app">
      <Header store={store} session={session} actions={actions} />
      <Channels store={store} session={session} />
      <nav class="tabs" aria-label={t('Views')}>
        <button type="button" role="tab" aria-selected="true" class="tab selected">
          {t('Messages')}
        </button>
      </nav>
      <section class="messages" role="tabpanel" aria-label={t('Messages')}>
        <Filters store={store} session={session} />
        <div class={`split${store.messageId === null ? '' : ' open'}`}>
          <MessageList store={store} session={session} />
          {store.messageId !== null && <Details store={store} session={session} actions={actions} />}
        </div>
      </section>
    </div>
  );
}

function Empty({ store, actions }: { store: PanelStore; actions: Actions }): JSX.Element {
  if (!store.connected)
    return (
      <div class="empty" role="status">
        {t('Connecting to Forkscope…')}
      </div>
    );
  return (
    <div class="empty">
      <h1>{t('Nothing runs under Forkscope yet')}</h1>
      <p>
        {t(
          'Run a Python program that forks or uses multiprocessing: its queues, pipes and messages appear here while it runs.',
        )}
      </p>
      <p>
        <button type="button" class="primary" onClick={() => actions.run('runFile')}>
          {t('Run Python File')}
        </button>
        <button type="button" onClick={() => actions.run('openSamples')}>
          {t('Open Samples')}
        </button>
      </p>
    </div>
  );
}
