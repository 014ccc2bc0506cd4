/** Effects of the wheel and of keys in the diagram. Pure except for changes to the store. */
import type { TimelineStore } from './timelineStore';
import { type Scale, toTime } from './viewport';

/** Pixels per line, for a wheel that reports lines. */
const LINE = 18;
/** Zoom per pixel of the wheel. */
const ZOOM = 1.2 ** (1 / 53);
/** A key pans by this share of the view, moves the cursor by that one, and zooms by this factor. */
const KEY_PAN = 0.15;
const KEY_STEP = 0.01;
const KEY_ZOOM = 1.3;

interface Wheel {
  readonly deltaX: number;
  readonly deltaY: number;
  readonly deltaMode: number;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}

/**
 * Ctrl or Cmd and the wheel zooms at the pointer, Shift and the wheel or a sideways one pans. @returns px to scroll the lanes by
 *
 * @param x of the pointer in the diagram, px
 * @param length of the run, ms
 */
export function onWheel(store: TimelineStore, scale: Scale, wheel: Wheel, x: number, length: number): number {
  const unit = wheel.deltaMode === 1 ? LINE : wheel.deltaMode === 2 ? LINE * 20 : 1;
  const [dx, dy] = [wheel.deltaX * unit, wheel.deltaY * unit];
  if (wheel.ctrlKey || wheel.metaKey) {
    store.zoom(toTime(scale, x), ZOOM ** dy, length);
    return 0;
  }
  if (wheel.shiftKey) {
    store.pan((dx + dy) / scale.scale, length);
    return 0;
  }
  if (dx !== 0) store.pan(dx / scale.scale, length);
  return dy;
}

/** @returns whether the key means something here; letters by their place on the keyboard */
export function onKey(store: TimelineStore, code: string, length: number): boolean {
  const view = store.view(length);
  const span = view.to - view.from;
  const cursor = store.cursorMs;
  const at = cursor !== null && cursor >= view.from && cursor <= view.to ? cursor : view.from + span / 2;
  switch (code) {
    case 'KeyW':
    case 'Equal':
    case 'NumpadAdd':
      store.zoom(at, 1 / KEY_ZOOM, length);
      return true;
    case 'KeyS':
    case 'Minus':
    case 'NumpadSubtract':
      store.zoom(at, KEY_ZOOM, length);
      return true;
    case 'ArrowLeft':
      store.moveCursor(at - span * KEY_STEP, length);
      return true;
    case 'ArrowRight':
      store.moveCursor(at + span * KEY_STEP, length);
      return true;
    case 'Home':
      store.moveCursor(0, length);
      return true;
    case 'End':
      store.moveCursor(length, length);
      return true;
    case 'KeyA':
      store.pan(-span * KEY_PAN, length);
      return true;
    case 'KeyD':
      store.pan(span * KEY_PAN, length);
      return true;
    case 'Digit0':
    case 'Numpad0':
      store.wholeRun();
      return true;
    case 'KeyZ':
      if (store.range === null) return false;
      store.frame(store.range[0], store.range[1], length);
      return true;
    case 'Escape':
      return clear(store);
    default:
      return false;
  }
}

/** Clears the selected span, else the cursor. */
function clear(store: TimelineStore): boolean {
  if (store.range !== null) store.setRange(null);
  else if (store.cursorMs !== null) store.setCursor(null);
  else return false;
  return true;
}
