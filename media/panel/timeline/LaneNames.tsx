import type { JSX } from 'preact';
import type { ProcessId } from '../../../server/protocol/views';
import { count } from '../../../server/shared/format';
import { isFailed, isGone } from '../../../server/shared/processes';
import type { SessionView } from '../../../server/shared/sessionView';
import { t } from '../strings';
import type { Row } from './rows';
import type { TimelineStore } from './timelineStore';

interface LaneNamesProps {
  readonly store: TimelineStore;
  readonly session: SessionView;
  readonly rows: readonly Row[];
  readonly colours: ReadonlyMap<string, string>;
  onReveal(id: ProcessId): void;
}

/** The names left of the diagram: a tree of processes, then the channels. Only visible rows are elements. */
export function LaneNames({ store, session, rows, colours, onReveal }: LaneNamesProps): JSX.Element {
  const lanes = rows.filter((each): each is LaneRow => each.kind === 'lane');
  const focusable = lanes.find((each) => each.id === store.selected) ?? lanes[0];
  return (
    <div class="tl-names" role="tree" aria-label={t('Processes and channels')}>
      {rows.map((row) =>
        row.kind === 'lane' ? (
          <Lane key={`lane ${row.id}`} {...{ store, session, row, lanes, onReveal }} focusable={row === focusable} />
        ) : (
          <div key={`${row.kind} ${row.id}`} class={`tl-name ${row.kind}`} ref={placeOf(row)}>
            {row.kind === 'strip' ? (
              <StripName session={session} id={row.id} colour={colours.get(row.id) ?? ''} />
            ) : (
              <h2>{t('Queues and pipes')}</h2>
            )}
          </div>
        ),
      )}
    </div>
  );
}

type LaneRow = Extract<Row, { kind: 'lane' }>;

function placeOf(row: Row) {
  return (element: HTMLElement | null): void => {
    if (element === null) return;
    element.style.top = `${row.top}px`;
    element.style.height = `${row.height}px`;
    element.style.paddingLeft = row.kind === 'lane' ? `${8 + row.level * 12}px` : '8px';
  };
}

interface LaneProps extends Pick<LaneNamesProps, 'store' | 'session' | 'onReveal'> {
  readonly row: LaneRow;
  readonly lanes: readonly LaneRow[];
  readonly focusable: boolean;
}

/** One item of the tree. Arrow keys up and down go from lane to lane, left and right fold, Enter reveals it in the tree view. */
function Lane({ store, session, row, lanes, focusable, onReveal }: LaneProps): JSX.Element {
  const onKeyDown = (event: KeyboardEvent & { readonly currentTarget: HTMLElement }): void => {
    const index = lanes.indexOf(row);
    const next = event.key === 'ArrowDown' ? lanes[index + 1] : event.key === 'ArrowUp' ? lanes[index - 1] : undefined;
    if (next !== undefined) {
      store.select(next.id);
      const items = event.currentTarget.parentElement?.querySelectorAll<HTMLElement>('[role=treeitem]');
      items?.[lanes.indexOf(next)]?.focus();
    } else if (event.key === 'ArrowLeft' && row.open === true) store.toggle(row.id);
    else if (event.key === 'ArrowRight' && row.open === false) store.toggle(row.id);
    else if (event.key === 'Enter') onReveal(row.id);
    else if (event.code === 'KeyP') store.togglePin(row.id);
    else return;
    event.preventDefault();
  };
  return (
    <div
      class={`tl-name lane${row.id === store.selected ? ' selected' : ''}`}
      role="treeitem"
      tabIndex={focusable ? 0 : -1}
      aria-level={row.level + 1}
      aria-expanded={row.open ?? undefined}
      aria-selected={row.id === store.selected}
      ref={placeOf(row)}
      onClick={() => store.select(row.id)}
      onDblClick={() => onReveal(row.id)}
      onKeyDown={onKeyDown}
    >
      <LaneName store={store} session={session} row={row} />
    </div>
  );
}

function LaneName({ store, session, row }: { store: TimelineStore; session: SessionView; row: LaneRow }): JSX.Element {
  const meta = session.processes.get(row.id);
  const status = session.processStatus.get(row.id);
  const ended = status !== undefined && isGone(status.state);
  const name = meta?.name ?? row.id;
  return (
    <>
      <button
        type="button"
        class={`tl-fold${row.open === null ? ' none' : ''}`}
        tabIndex={-1}
        aria-label={row.open === true ? t('Collapse') : t('Expand')}
        disabled={row.open === null}
        onClick={(event) => {
          event.stopPropagation();
          store.toggle(row.id);
        }}
      >
        {row.open === false ? '›' : '⌄'}
      </button>
      <span
        class={`tl-process${ended ? ' ended' : ''}${status !== undefined && isFailed(status) ? ' failed' : ''}`}
        title={name}
      >
        {name}
      </span>
      {row.folded > 0 && <small>{t('+{0}', count(row.folded))}</small>}
      <small class="tl-pid">{meta?.pid}</small>
    </>
  );
}

function StripName({ session, id, colour }: { session: SessionView; id: string; colour: string }): JSX.Element {
  const meta = session.channels.get(id);
  const status = session.channelStatus.get(id);
  const capacity = meta?.capacity ?? 0;
  return (
    <>
      <span
        class="tl-swatch"
        ref={(element) => {
          if (element !== null) element.style.background = colour;
        }}
      />
      <span class="tl-channel">
        {meta?.name ?? id}
        <small>{meta?.kind}</small>
      </span>
      <small class="tl-pid">
        {count(status?.depth ?? 0)}
        {capacity > 0 && `/${count(capacity)}`}
      </small>
    </>
  );
}
