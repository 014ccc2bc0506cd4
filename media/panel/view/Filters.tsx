import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { MessageFilter } from '../../../server/protocol/views';
import { fullCount } from '../../../server/shared/format';
import type { SessionView } from '../../../server/shared/sessionView';
import type { PanelStore } from '../state/store';
import { t } from '../strings';

const TYPING_MS = 200;

/** The list's filters: channel, process, text; and auto-scroll. */
export function Filters({ store, session }: { store: PanelStore; session: SessionView }): JSX.Element {
  const { filter } = store;
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // A filter set elsewhere is displayed; text being typed is left alone.
    if (input.current !== null && document.activeElement !== input.current) input.current.value = filter.text ?? '';
  }, [filter.text]);
  const change = (part: Partial<Record<keyof MessageFilter, string | boolean | undefined>>) => {
    const next = { ...filter, ...part };
    store.setFilter(
      Object.fromEntries(
        Object.entries(next).filter(([, value]) => value !== undefined && value !== '' && value !== false),
      ) as MessageFilter,
    );
  };
  const any = filter.channelId !== undefined || filter.processId !== undefined || (filter.text ?? '') !== '';
  return (
    <div class="filters" role="toolbar" aria-label={t('Filters')}>
      <select
        aria-label={t('Channel')}
        value={filter.channelId ?? ''}
        onChange={(event) => change({ channelId: event.currentTarget.value || undefined })}
      >
        <option value="">{t('All channels')}</option>
        {store.channels().map((each) => (
          <option key={each.id} value={each.id}>
            {each.name}
          </option>
        ))}
      </select>
      <select
        aria-label={t('Process')}
        value={filter.processId ?? ''}
        onChange={(event) => change({ processId: event.currentTarget.value || undefined })}
      >
        <option value="">{t('All processes')}</option>
        {[...session.processes.values()].map((each) => (
          <option key={each.id} value={each.id}>{`${each.name} (${each.pid})`}</option>
        ))}
      </select>
      <input
        ref={input}
        type="search"
        placeholder={t('Filter payloads')}
        aria-label={t('Filter payloads')}
        onInput={(event) => {
          const text = event.currentTarget.value;
          if (timer.current !== null) clearTimeout(timer.current);
          timer.current = setTimeout(() => change({ text }), TYPING_MS);
        }}
      />
      <label title={t('Also show the internal queues of pools, executors and managers')}>
        <input
          type="checkbox"
          checked={filter.library === true}
          onChange={(event) => change({ library: event.currentTarget.checked })}
        />
        {t('Internal channels')}
      </label>
      <label>
        <input
          type="checkbox"
          checked={store.pinned}
          onChange={(event) => store.setPinned(event.currentTarget.checked)}
        />
        {t('Auto-scroll')}
      </label>
      <span class="shown" role="status">
        {countText(store.pages)}
      </span>
      {any && (
        <button type="button" onClick={() => store.setFilter(filter.library === true ? { library: true } : {})}>
          {t('Clear Filters')}
        </button>
      )}
    </div>
  );
}

function countText({ complete, total }: PanelStore['pages']): string {
  if (!complete) return t('{0} found, searching…', fullCount(total));
  return total === 1 ? t('1 message') : t('{0} messages', fullCount(total));
}
