/** The pages of the panel: a further page needs only one entry here, beside its view and its id in `PanelPage`. */

import type { ComponentType } from 'preact';
import type { PanelPage } from '../../../server/protocol/panel';
import type { SessionView } from '../../../server/shared/sessionView';
import { t } from '../strings';
import { TimelinePage } from '../timeline/TimelinePage';
import { FindingsPage } from './FindingsPage';
import { MessagesPage } from './MessagesPage';
import { PoolsPage } from './PoolsPage';
import type { PageProps } from './props';
import { WaitsPage } from './WaitsPage';

interface PanelTab {
  readonly id: PanelPage;
  /** In the user's language. */
  title(): string;
  /** A number beside the title; 0 shows none. */
  badge?(session: SessionView): number;
  readonly View: ComponentType<PageProps>;
}

export const TABS: readonly PanelTab[] = [
  { id: 'timeline', title: () => t('Timeline'), View: TimelinePage },
  { id: 'messages', title: () => t('Messages'), View: MessagesPage },
  { id: 'pools', title: () => t('Pools'), badge: (session) => session.pools.size, View: PoolsPage },
  { id: 'waits', title: () => t('Waits'), View: WaitsPage },
  { id: 'findings', title: () => t('Findings'), badge: (session) => session.findings.length, View: FindingsPage },
];

export function pageOf(id: PanelPage): PanelTab {
  return TABS.find((each) => each.id === id) ?? (TABS[0] as PanelTab);
}
