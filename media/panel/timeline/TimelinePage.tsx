import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { fullCount } from '../../../server/shared/format';
import { orderedChannels, processTree } from '../../../server/shared/hierarchy';
import { isOver, sessionTime } from '../../../server/shared/sessionView';
import { t } from '../strings';
import type { PageProps } from '../view/props';
import { useTick } from '../view/tick';
import { useHeight } from '../view/useHeight';
import { useWidth } from '../view/useWidth';
import { AtMoment } from './AtMoment';
import { Axis } from './Axis';
import { onKey } from './gestures';
import { LaneNames } from './LaneNames';
import { Legend } from './Legend';
import { Plot } from './Plot';
import { channelColours } from './places';
import { heightOf, layRows, rowsIn } from './rows';
import './timeline.css';
import { useTheme } from './useTheme';
import { scaleOf } from './viewport';

/** Refresh interval of a live picture, ms. */
const LIVE_MS = 250;
/** Margin above and below the visible rows that is drawn and requested too, px. */
const OVERDRAW = 200;

/** Processes as lanes, messages as arrows and depths as strips, on one axis of time. */
export function TimelinePage({ store, session, actions }: PageProps): JSX.Element {
  const { timeline } = store;
  const theme = useTheme();
  const [plot, width] = useWidth<HTMLDivElement>();
  const page = useRef<HTMLElement>(null);
  const [body, height] = useHeight<HTMLDivElement>(400);
  const [scroll, setScroll] = useState(0);
  const live = !isOver(session);
  useTick(live, LIVE_MS);

  const length = Math.max(1, sessionTime(session, Date.now()));
  const rows = layRows(processTree(session, false), orderedChannels(session, store.filter.library === true), timeline);
  const shown = rowsIn(rows, scroll - OVERDRAW, scroll + height + OVERDRAW);
  const scale = scaleOf(timeline.view(length), width);
  const asked = useRef(0);
  useEffect(() => {
    const fresh = live && Date.now() - asked.current >= LIVE_MS;
    if (fresh) asked.current = Date.now();
    timeline.ask(
      {
        processes: shown.flatMap((each) => (each.kind === 'lane' ? [each.id] : [])),
        channels: shown.flatMap((each) => (each.kind === 'strip' ? [each.id] : [])),
        pixels: Math.max(1, Math.round(width * (window.devicePixelRatio || 1))),
        library: store.filter.library === true,
      },
      length,
      fresh,
    );
  });

  useEffect(() => {
    const element = page.current;
    const listen = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (onKey(timeline, event.code, length)) event.preventDefault();
    };
    element?.addEventListener('keydown', listen);
    return () => element?.removeEventListener('keydown', listen);
  });

  const total = heightOf(rows);
  const scene = {
    theme,
    session,
    scale,
    width,
    rows,
    shown,
    height: total,
    answer: timeline.answer,
    selectedMessage: store.messageId,
  };
  const zoomAtMiddle = (factor: number): void => {
    const { from, to } = timeline.view(length);
    timeline.zoom((from + to) / 2, factor, length);
  };
  return (
    <section class="timeline" aria-label={t('Timeline')} ref={page}>
      <div class="tl-tools">
        <Tool symbol="−" label={t('Zoom out (S)')} onClick={() => zoomAtMiddle(2)} />
        <Tool symbol="+" label={t('Zoom in (W)')} onClick={() => zoomAtMiddle(0.5)} />
        <Tool symbol="⤢" label={t('Whole run (0)')} onClick={() => timeline.wholeRun()} />
        <Legend theme={theme} />
        <span class="tl-note" role="status">
          {noteOf(timeline)}
        </span>
      </div>
      <div class="tl-head">
        <div class="tl-corner" />
        <div class="tl-axis-place" ref={plot}>
          <Axis scale={scale} width={width} cursorMs={timeline.cursorMs} />
        </div>
      </div>
      <div class="tl-body" ref={body} onScroll={(event) => setScroll(event.currentTarget.scrollTop)}>
        <div
          class="tl-rows"
          ref={(element) => {
            if (element !== null) element.style.height = `${Math.max(total, 1)}px`;
          }}
        >
          <LaneNames
            store={timeline}
            session={session}
            rows={shown}
            colours={channelColours(session, theme.channels)}
            onReveal={(id) => actions.reveal(id)}
          />
          <Plot
            store={timeline}
            scene={scene}
            height={height}
            scroll={scroll}
            length={length}
            label={t('{0} processes over {1} s', fullCount(session.processes.size), (length / 1000).toFixed(1))}
            onScrollBy={(px) => {
              if (body.current !== null) body.current.scrollTop += px;
            }}
          />
        </div>
      </div>
      {timeline.moment !== null && (
        <AtMoment
          session={session}
          moment={timeline.moment}
          shown={new Set(rows.flatMap((each) => (each.kind === 'lane' ? [each.id] : [])))}
          library={store.filter.library === true}
          actions={actions}
          onOpenMessage={(id) => store.showMessage(id)}
        />
      )}
    </section>
  );
}

function noteOf({ error, answer }: PageProps['store']['timeline']): string {
  if (error !== null) return error;
  const leftOut = answer?.messages?.leftOut ?? 0;
  return leftOut > 0 ? t('{0} more messages are not drawn: zoom in to see them.', fullCount(leftOut)) : '';
}

function Tool({ symbol, label, onClick }: { symbol: string; label: string; onClick(): void }): JSX.Element {
  return (
    <button type="button" title={label} aria-label={label} onClick={onClick}>
      {symbol}
    </button>
  );
}
