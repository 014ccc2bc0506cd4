import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { fullCount } from '../../../server/shared/format';
import type { SessionView } from '../../../server/shared/sessionView';
import type { PanelStore } from '../state/store';
import { t } from '../strings';
import { pageOf, TABS } from './tabList';

/** The row of pages. One is in the tab order; arrow keys, Home and End move to the others, as in every tab list. */
export function Tabs({ store, session }: { store: PanelStore; session: SessionView }): JSX.Element {
  const row = useRef<HTMLDivElement>(null);
  const selected = TABS.indexOf(pageOf(store.page));
  const onKeyDown = (event: KeyboardEvent) => {
    const targets: Record<string, number> = {
      ArrowRight: (selected + 1) % TABS.length,
      ArrowLeft: (selected + TABS.length - 1) % TABS.length,
      Home: 0,
      End: TABS.length - 1,
    };
    const target = TABS[targets[event.key] ?? -1];
    if (target === undefined) return;
    event.preventDefault();
    store.showPage(target.id);
    row.current?.querySelector<HTMLElement>(`#tab-${target.id}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={t('Views')} ref={row} onKeyDown={onKeyDown}>
      {TABS.map((each, index) => {
        const badge = each.badge?.(session) ?? 0;
        return (
          <button
            type="button"
            key={each.id}
            id={`tab-${each.id}`}
            role="tab"
            class={`tab${index === selected ? ' selected' : ''}`}
            aria-selected={index === selected}
            aria-controls={index === selected ? `page-${each.id}` : undefined}
            tabIndex={index === selected ? 0 : -1}
            onClick={() => store.showPage(each.id)}
          >
            {each.title()}
            {badge > 0 && <span class="badge">{fullCount(badge)}</span>}
          </button>
        );
      })}
    </div>
  );
}
