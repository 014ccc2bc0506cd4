/** Numbers as people read them, and text made safe for Markdown. */
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

/** "512 B", "1.5 KB", "24 MB"; a KB is 1024 bytes, as in task managers. */
export function bytes(value: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let amount = value;
  let unit = 0;
  while (amount >= 1024 && unit < units.length - 1) {
    amount /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || amount >= 10 ? 0 : 1;
  return `${amount.toFixed(digits)} ${units[unit] ?? ''}`;
}

/** Text that Markdown shows as it is. */
export function plain(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[\\`*_{}[\]()#+\-.!|<>&~:$]/g, '\\$&');
}

/** Text as inline code, whatever backticks it has. */
export function code(text: string): string {
  const line = text.replace(/[\r\n]+/g, ' ');
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = line.startsWith('`') || line.endsWith('`') || line === '' ? ' ' : '';
  return fence + pad + line + pad + fence;
}

/** A shell-like command line of at most `limit` characters. */
export function commandLine(argv: readonly string[], limit = 300): string {
  const line = argv.map((part) => (part === '' || /[\s"'\\]/.test(part) ? JSON.stringify(part) : part)).join(' ');
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
}

/** The last part of a path of either kind. */
export function baseName(file: string): string {
  return file.split(/[\\/]/).at(-1) || file;
}
