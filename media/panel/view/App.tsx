import type { JSX } from 'preact';
import type { PanelStore } from '../state/store';
import { t } from '../strings';
import { Header } from './Header';
import type { Actions } from './props';
import { Tabs } from './Tabs';
import { pageOf } from './tabList';

export function App({ store, actions }: { store: PanelStore; actions: Actions }): JSX.Element {
  const session = store.session;
  if (session === null) return <Empty store={store} actions={actions} />;
  const page = pageOf(store.page);
  return (
    <div class="app">
      <Header store={store} session={session} actions={actions} />
      <Tabs store={store} session={session} />
      <div class="page" role="tabpanel" id={`page-${page.id}`} aria-labelledby={`tab-${page.id}`}>
        <page.View store={store} session={session} actions={actions} />
      </div>
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
      <h1>{t('No runs yet')}</h1>
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
