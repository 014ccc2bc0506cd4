import type { Viewport } from './viewport';

/** A mark of the axis. */
export interface Tick {
  /** ms since the session's start. */
  readonly at: number;
  readonly label: string;
}

/** Marks at round times, as many as fit. @param room minimum distance between two marks, px */
export function ticks(view: Viewport, width: number, room: number): Tick[] {
  const step = roundStep(((view.to - view.from) * room) / Math.max(1, width));
  const first = Math.ceil(Math.max(0, view.from) / step);
  const marks: Tick[] = [];
  for (let i = first; i * step <= view.to; i++) marks.push({ at: i * step, label: label(i * step, step) });
  return marks;
}

/** The least of 1, 2, 5 × 10^k ms, or from a minute on of round minutes and hours, that is not below `least`. */
function roundStep(least: number): number {
  if (least > 20_000) {
    const steps = [30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400, 43_200, 86_400].map((each) => each * 1000);
    return steps.find((each) => each >= least) ?? Math.ceil(least / 86_400_000) * 86_400_000;
  }
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5].find((each) => each * power >= least * (1 - 1e-9)) ?? 10) * power;
}

/** With enough digits to distinguish neighbouring marks: "0.5 s", "12.3405 s", "2:30", "1:02:00". */
function label(ms: number, step: number): string {
  if (step >= 30_000) {
    const seconds = Math.round(ms / 1000);
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
    const two = (value: number): string => String(value).padStart(2, '0');
    return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
  }
  const digits = Math.max(0, Math.min(7, -Math.floor(Math.log10(step / 1000) + 1e-9)));
  return `${(ms / 1000).toFixed(digits)} s`;
}
