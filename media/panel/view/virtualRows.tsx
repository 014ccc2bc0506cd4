/** Lists of any length: only visible rows are drawn. */
import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { scrollTo, visibleRows, type Window } from '../state/window';
import { useHeight } from './useHeight';

/** Height of a row, px; as in the style sheet. */
const ROW = 22;

interface VirtualRows {
  /** The scrolling element. */
  readonly body: { current: HTMLDivElement | null };
  readonly shown: Window;
  /** Number of rows per Page Up and Page Down. */
  readonly fitting: number;
  /** To be called after scrolling. */
  onScroll(): void;
  bringIntoSight(index: number): void;
}

export function useVirtualRows(total: number): VirtualRows {
  const [body, view] = useHeight<HTMLDivElement>(300);
  const [scroll, setScroll] = useState(0);
  return {
    body,
    shown: visibleRows(total, ROW, view, scroll),
    fitting: Math.max(1, Math.floor(view / ROW) - 1),
    onScroll: () => setScroll(body.current?.scrollTop ?? 0),
    bringIntoSight: (index) => {
      const element = body.current;
      if (element !== null) element.scrollTop = scrollTo(index, total, ROW, element.clientHeight, element.scrollTop);
    },
  };
}

/** The row that a key leads to; undefined: not a key for lists. */
export function rowForKey(key: string, from: number, fitting: number, total: number): number | undefined {
  const targets: Record<string, number> = {
    ArrowDown: from + 1,
    ArrowUp: from - 1,
    PageDown: from + fitting,
    PageUp: from - fitting,
    Home: 0,
    End: total - 1,
    Enter: from,
  };
  return targets[key];
}

/** As high as all rows, with the visible ones in place. Styles are set by script: the page allows no inline ones. */
export function RowSpace({ shown, children }: { shown: Window; children: ComponentChildren }): JSX.Element {
  return (
    <div
      class="spacer"
      ref={(element) => {
        if (element) element.style.height = `${shown.height}px`;
      }}
    >
      <div
        class="rows"
        ref={(element) => {
          if (element) element.style.transform = `translateY(${shown.top}px)`;
        }}
      >
        {children}
      </div>
    </div>
  );
}
