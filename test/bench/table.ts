/** Figures and their formatting. */

export interface Row {
  readonly name: string;
  readonly what: string;
  /** Seconds per operation. */
  readonly bare: number;
  readonly recorded: number;
  readonly ratio: number;
  /** The ratio without the accelerator; null if it was not measured separately. */
  readonly pure: number | null;
  /** Each peer's ratio to bare; null where it fails. */
  readonly peers: readonly (number | null)[];
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which the given fraction of all values lies. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

export function duration(seconds: number): string {
  if (seconds < 1e-3) return `${(seconds * 1e6).toFixed(seconds < 1e-5 ? 2 : 1)} µs`;
  return seconds < 1 ? `${(seconds * 1e3).toFixed(2)} ms` : `${seconds.toFixed(2)} s`;
}

/** A Markdown table with aligned columns. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, column) =>
    Math.max(3, ...[cell, ...rows.map((row) => row[column] ?? '')].map((each) => each.length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** A ratio rounded for display: two decimals, fewer where it is far from one. */
export function ratioText(ratio: number | null): string {
  if (ratio === null) return 'fails';
  return ratio < 10 ? ratio.toFixed(2) : ratio < 100 ? ratio.toFixed(1) : ratio.toFixed(0);
}
