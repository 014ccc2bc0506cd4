/** Numbers as people read them, the same in the tree, the panel, the source, the debugger and the terminal. */
import * as l10n from '@vscode/l10n';

/** How long something took: "4.2 µs", "950 µs", "1.2 ms", "340 ms", and from a second on as `elapsed`. @param ms negative: 0 */
export function duration(ms: number): string {
  const us = Math.max(0, ms) * 1000;
  if (us < 9.95) return l10n.t('{0} µs', us === 0 ? 0 : us.toFixed(1));
  if (us < 999.5) return l10n.t('{0} µs', Math.round(us));
  if (ms < 9.95) return l10n.t('{0} ms', ms.toFixed(1));
  if (ms < 999.5) return l10n.t('{0} ms', Math.round(ms));
  return elapsed(Math.max(1000, ms));
}

/**
 * How long something has gone on, no finer than it can be followed: "0.4 s", "12 s", "3 min 05 s", "2 h 07 min". Counts from 0; a time from
 * the future is 0.
 */
export function elapsed(ms: number): string {
  const tenths = Math.max(0, Math.floor(ms / 100));
  if (tenths < 100) return l10n.t('{0} s', (tenths / 10).toFixed(1));
  const seconds = Math.floor(tenths / 10);
  if (seconds < 60) return l10n.t('{0} s', seconds);
  const minutes = Math.floor(seconds / 60);
  const two = (value: number): string => String(value).padStart(2, '0');
  return minutes < 60
    ? l10n.t('{0} min {1} s', minutes, two(seconds % 60))
    : l10n.t('{0} h {1} min', Math.floor(minutes / 60), two(minutes % 60));
}

/** A moment of the session, to the millisecond: "12.345 s" @param ms since it began */
export function moment(ms: number): string {
  return l10n.t('{0} s', seconds(ms));
}
/** The same without its unit, for a column that has it in its head. */
export function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** Exact while it is short: "12345", "1.2M". */
export function count(value: number): string {
  return value < 100_000 ? String(value) : compact.format(value);
}
/** Every digit, where there is room: "1,234,567". */
export function fullCount(value: number): string {
  return value.toLocaleString();
}

/** Messages per second: "0.5", "120", "1.2K". */
export function rate(value: number): string {
  return value > 0 && value < 10 ? String(Math.round(value * 10) / 10) : count(Math.round(value));
}

/** "512 B", "1.5 KiB", "24 MiB" */
export function bytes(value: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let amount = value;
  let unit = 0;
  while (amount >= 1024 && unit < units.length - 1) {
    amount /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || amount >= 10 ? 0 : 1;
  return `${amount.toFixed(digits)} ${units[unit] ?? ''}`;
}

/** The last part of a path of either kind. */
export function baseName(file: string): string {
  return file.split(/[\\/]/).at(-1) || file;
}
