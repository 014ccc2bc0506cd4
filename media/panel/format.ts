/** Numbers as a person reads them. */
export function count(value: number): string {
  return value.toLocaleString();
}
export function bytes(value: number): string {
  if (value < 1024) return `${value} B`;
  if (value < 1024 * 1024) return `${(value / 1024).toFixed(1)} KiB`;
  return `${(value / 1024 / 1024).toFixed(1)} MiB`;
}
export function duration(ms: number): string {
  if (ms < 1) return `${ms < 0.01 && ms > 0 ? (ms * 1000).toFixed(1) : Math.round(ms * 1000)} µs`;
  if (ms < 1000) return `${ms < 10 ? ms.toFixed(2) : ms.toFixed(0)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(2)} s`;
  const minutes = Math.floor(ms / 60_000);
  return `${minutes}:${String(Math.floor((ms % 60_000) / 1000)).padStart(2, '0')} min`;
}
/** Time since the session's start, to the millisecond. */
export function clock(ms: number): string {
  return `${(ms / 1000).toFixed(3)}`;
}
export function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
