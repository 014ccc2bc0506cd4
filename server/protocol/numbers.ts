/** Numbers as people read them, in the tree, in tooltips and in the source alike. The panel has its own, finer ones. */
import * as l10n from '@vscode/l10n';

/** "0.4 s", "12 s", "3 min 05 s", "2 h 07 min". Counts from 0; a time from the future is 0. */
export function duration(ms: number): string {
  const tenths = Math.max(0, Math.floor(ms / 100));
  if (tenths < 100) {
    return l10n.t('{0} s', (tenths / 10).toFixed(1));
  }
  const seconds = Math.floor(tenths / 10);
  if (seconds < 60) {
    return l10n.t('{0} s', seconds);
  }
  const minutes = Math.floor(seconds / 60);
  const two = (value: number): string => String(value).padStart(2, '0');
  return minutes < 60
    ? l10n.t('{0} min {1} s', minutes, two(seconds % 60))
    : l10n.t('{0} h {1} min', Math.floor(minutes / 60), two(minutes % 60));
}

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** Exact while it is short: "12345", "1.2M". */
export function count(value: number): string {
  return value < 100_000 ? String(value) : compact.format(value);
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
