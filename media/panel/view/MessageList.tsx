import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { DeveloperIntent, MessageRow } from '../../../server/protocol/views';
import { bytes, duration, seconds } from '../../../server/shared/format';
import type { SessionView } from '../../../server/shared/sessionView';
import { unreceived } from '../state/sessions';
import { heldRows, intentText, stoppedOf } from '../state/stops';
import type { PanelStore } from '../state/store';
import { t } from '../strings';
import { RowSpace, rowForKey, useVirtualRows } from './virtualRows';

/** All messages, only visible ones drawn. Arrow keys, Page Up and Down, Home and End move the selection. */
export function MessageList({ store, session }: { store: PanelStore; session: SessionView }): JSX.Element {
  const { pages } = store;
  const { body, shown, fitting, onScroll, bringIntoSight } = useVirtualRows(pages.total);
  const [focused, setFocused] = useState(-1);
  const byUs = useRef(0);

  useLayoutEffect(() => {
    const element = body.current;
    if (element === null || !store.pinned) return;
    const bottom = element.scrollHeight - element.clientHeight;
    if (Math.abs(element.scrollTop - bottom) > 1) {
      byUs.current = Date.now();
      element.scrollTop = bottom;
    }
  });

  store.looksAt(shown.first, shown.first + shown.count);
  const rows: (MessageRow | null)[] = [];
  for (let i = 0; i < shown.count; i++) rows.push(pages.row(shown.first + i));

  const held = heldRows(rows, stoppedOf(session));

  const move = (index: number) => {
    if (pages.total === 0) return;
    const next = Math.max(0, Math.min(pages.total - 1, index));
    store.setPinned(next === pages.total - 1 && store.pinned);
    bringIntoSight(next);
    setFocused(next);
    const row = pages.row(next);
    if (row !== null) void store.openMessage(row.id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const target = rowForKey(event.key, focused < 0 ? shown.first : focused, fitting, pages.total);
    if (target !== undefined) {
      event.preventDefault();
      move(target);
    } else if (event.key === 'Escape' && store.messageId !== null) {
      void store.openMessage(null);
    }
  };
  const name = (id: string | null) => (id === null ? '—' : (session.processes.get(id)?.name ?? id));

  return (
    <div
      class="list"
      role="grid"
      tabIndex={0}
      aria-label={t('Messages')}
      aria-rowcount={pages.total + 1}
      aria-colcount={6}
      aria-activedescendant={focused >= 0 ? `row-${focused}` : undefined}
      onKeyDown={onKeyDown}
    >
      <div class="row head" role="row" aria-rowindex={1}>
        <span role="columnheader">{t('Time (s)')}</span>
        <span role="columnheader">{t('Channel')}</span>
        <span role="columnheader">{t('From → to')}</span>
        <span role="columnheader" class="number">
          {t('Size')}
        </span>
        <span role="columnheader" class="number">
          {t('Latency')}
        </span>
        <span role="columnheader">{t('Payload')}</span>
      </div>
      <div
        class="body"
        ref={body}
        onScroll={(event) => {
          const element = event.currentTarget;
          onScroll();
          // Scrolling by hand ends auto-scroll; scrolling to the end resumes it.
          const atEnd = element.scrollTop + element.clientHeight >= element.scrollHeight - 2;
          if (Date.now() - byUs.current > 150) store.setPinned(atEnd);
        }}
      >
        {pages.total === 0 && <Nothing store={store} />}
        <RowSpace shown={shown}>
          {rows.map((row, i) => {
            const index = shown.first + i;
            const selected = row !== null && row.id === store.messageId;
            return (
              <div
                key={index}
                id={`row-${index}`}
                role="row"
                aria-rowindex={index + 2}
                aria-selected={selected}
                class={`row${selected ? ' selected' : ''}${row?.receivedAtMs === null ? ' open' : ''}${row !== null && held.has(row.id) ? ' held' : ''}`}
                data-vscode-context={row === null ? undefined : contextOf(session.id, row, held.get(row.id))}
                onClick={() => {
                  setFocused(index);
                  if (row !== null) void store.openMessage(row.id);
                }}
              >
                {row === null ? (
                  <span role="gridcell" class="loading">
                    …
                  </span>
                ) : (
                  <>
                    <span role="gridcell" class="time">
                      {seconds(row.sentAtMs)}
                    </span>
                    <span role="gridcell">{session.channels.get(row.channelId)?.name ?? row.channelId}</span>
                    <span role="gridcell">{`${name(row.from)} → ${name(row.to)}`}</span>
                    <span role="gridcell" class="number">
                      {bytes(row.bytes)}
                    </span>
                    <span role="gridcell" class="number">
                      {row.receivedAtMs === null ? unreceived(session, row) : duration(row.receivedAtMs - row.sentAtMs)}
                    </span>
                    <span role="gridcell" class="payload">
                      {row.developer !== undefined && (
                        <span
                          class="developer"
                          role="img"
                          aria-label={marks(row.developer)}
                          title={marks(row.developer)}
                        >
                          ✎
                        </span>
                      )}
                      {row.payload}
                    </span>
                  </>
                )}
              </div>
            );
          })}
        </RowSpace>
      </div>
    </div>
  );
}

function marks(intents: readonly DeveloperIntent[]): string {
  return intents.map(intentText).join(', ');
}

/** The context of a row's menu commands. @param holder the process that is paused with this message */
function contextOf(sessionId: string, { id, channelId }: MessageRow, holder: string | undefined): string {
  return JSON.stringify({
    webviewSection: holder === undefined ? 'forkscopeMessage' : 'forkscopeHeldMessage',
    ...(holder === undefined ? {} : { processId: holder }),
    kind: 'channel',
    sessionId,
    channelId,
    messageId: id,
    preventDefaultContextMenuItems: true,
  });
}

function Nothing({ store }: { store: PanelStore }): JSX.Element {
  return (
    <p class="hint" role="status">
      {whyNothing(store)}
    </p>
  );
}

function whyNothing({ filter, session }: PanelStore): string {
  const { channelId, processId, text, library } = filter;
  if (channelId !== undefined || processId !== undefined || (text ?? '') !== '')
    return t('No messages match the filters.');
  if (session?.status?.state !== 'ended') return t('No messages yet.');
  return library === true
    ? t('No messages were sent.')
    : t('No messages on the program’s queues and pipes. Turn on "Internal channels" to see pool and manager traffic.');
}
