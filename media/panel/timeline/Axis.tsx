import type { JSX } from 'preact';
import { moment } from '../../../server/shared/format';
import { TICK_ROOM } from './scene';
import { ticks } from './ticks';
import { type Scale, toX } from './viewport';

/** Marks closer to the left edge than this are left-aligned instead of centred, px. */
const FIRST = 16;

/** The times above the diagram, and the time of the cursor. */
export function Axis({
  scale,
  width,
  cursorMs,
}: {
  scale: Scale;
  width: number;
  cursorMs: number | null;
}): JSX.Element {
  const place = (x: number) => (element: HTMLElement | null) => {
    if (element === null) return;
    element.style.left = `${x}px`;
    element.classList.toggle('first', x < FIRST);
  };
  const cursor = cursorMs === null ? null : toX(scale, cursorMs);
  return (
    <div class="tl-axis" aria-hidden="true">
      {ticks(scale.view, width, TICK_ROOM).map(({ at, label }) => (
        <span key={at} ref={place(toX(scale, at))}>
          {label}
        </span>
      ))}
      {cursorMs !== null && cursor !== null && cursor >= 0 && cursor <= width && (
        <span class="tl-cursor" ref={place(cursor)}>
          {moment(cursorMs)}
        </span>
      )}
    </div>
  );
}
