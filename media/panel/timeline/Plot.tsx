import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { moment } from '../../../server/shared/format';
import { t } from '../strings';
import { onWheel } from './gestures';
import { paintOverlay } from './paint';
import { paintScene, type Scene } from './scene';
import type { TimelineStore } from './timelineStore';
import { toTime } from './viewport';

/** Minimum movement of the pointer for a drag, px. */
const DRAG = 4;

interface PlotProps {
  readonly store: TimelineStore;
  readonly scene: Scene;
  /** Height of the visible part, px, and its offset in the rows. */
  readonly height: number;
  readonly scroll: number;
  readonly length: number;
  readonly label: string;
  onScrollBy(px: number): void;
}

/** The diagram: one canvas for the recorded data, and one above it for the pointer, so that hovering redraws little. */
export function Plot({ store, scene, height, scroll, length, label, onScrollBy }: PlotProps): JSX.Element {
  const data = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const press = useRef<{ x: number; at: number; dragged: boolean } | null>(null);
  const { width, theme, scale } = scene;

  useLayoutEffect(() => {
    const context = prepare(data.current, width, height);
    if (context === null) return;
    context.font = theme.font;
    context.translate(0, -scroll);
    paintScene(context, scene);
  });
  useLayoutEffect(() => {
    const context = prepare(overlay.current, width, height);
    if (context === null) return;
    paintOverlay(context, theme, scale, { width, height }, store);
  });
  useEffect(() => {
    const element = overlay.current;
    if (element === null) return;
    // Preact's wheel listeners are passive; this one has to prevent scrolling of the page.
    const listen = (event: WheelEvent): void => {
      event.preventDefault();
      onScrollBy(onWheel(store, scale, event, event.clientX - element.getBoundingClientRect().left, length));
    };
    element.addEventListener('wheel', listen, { passive: false });
    return () => element.removeEventListener('wheel', listen);
  });

  const timeAt = (event: PointerEvent): number =>
    toTime(scale, event.clientX - (overlay.current?.getBoundingClientRect().left ?? 0));
  return (
    <div
      class="tl-plot"
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={Math.round(length)}
      aria-valuenow={Math.round(store.cursorMs ?? length)}
      aria-valuetext={store.cursorMs === null ? t('no cursor') : moment(store.cursorMs)}
    >
      <canvas ref={data} />
      <canvas
        ref={overlay}
        class="tl-overlay"
        title={t('Click: cursor. Drag: select a span. Ctrl+wheel: zoom.')}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          press.current = { x: event.clientX, at: timeAt(event), dragged: false };
        }}
        onPointerMove={(event) => {
          const at = timeAt(event);
          const pressed = press.current;
          if (pressed !== null && (pressed.dragged || Math.abs(event.clientX - pressed.x) > DRAG)) {
            pressed.dragged = true;
            store.setRange([Math.min(pressed.at, at), Math.max(pressed.at, at)]);
          }
          store.setHover(at);
        }}
        onPointerUp={(event) => {
          if (press.current?.dragged === false) store.setCursor(timeAt(event));
          press.current = null;
        }}
        onPointerLeave={() => store.setHover(null)}
        onDblClick={() => store.range !== null && store.frame(store.range[0], store.range[1], length)}
      />
    </div>
  );
}

/** A cleared canvas of this size in device pixels; null: not mounted. */
function prepare(canvas: HTMLCanvasElement | null, width: number, height: number): CanvasRenderingContext2D | null {
  if (canvas === null || width <= 0 || height <= 0) return null;
  const ratio = window.devicePixelRatio || 1;
  const [w, h] = [Math.floor(width * ratio), Math.floor(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
    canvas.style.width = `${w / ratio}px`;
    canvas.style.height = `${h / ratio}px`;
  }
  const context = canvas.getContext('2d');
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  context?.clearRect(0, 0, width, height);
  return context;
}
