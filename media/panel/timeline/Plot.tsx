import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { moment } from '../../../server/shared/format';
import { t } from '../strings';
import { onWheel } from './gestures';
import { paintOverlay } from './paint';
import { paintScene, type Scene } from './scene';
import type { TimelineStore } from './timelineStore';
import { toTime } from './viewport';

/** Movement of the pointer from which on a press is a drag, px. */
const DRAG = 4;

interface PlotProps {
  readonly store: TimelineStore;
  readonly scene: Scene;
  /** Height of the part in sight, px, and where it begins among the rows. */
  readonly height: number;
  readonly scroll: number;
  readonly length: number;
  readonly label: string;
  onScrollBy(px: number): void;
}

/** The diagram: one canvas for what was recorded, and one above it for what the pointer shows, so that hovering redraws little. */
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
    // Preact's listeners are passive for the wheel: ours has to keep the page from scrolling.
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

/** A clean canvas of this size in the screen's own pixels; null: there is none to draw on. */
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
