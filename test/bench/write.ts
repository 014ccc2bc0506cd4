/** Puts tables into Markdown files, between their markers. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';

/** Replaces the text between `<!-- bench:NAME -->` and `<!-- /bench -->`. Throws if the file has no such markers. */
export function put(path: string, name: string, text: string): void {
  const before = readFileSync(path, 'utf8');
  const place = new RegExp(`(<!-- bench:${name} -->\\n)[^]*?(<!-- /bench -->)`);
  if (!place.test(before)) throw new Error(`${path} has no place for the table ${name}.`);
  writeFileSync(
    path,
    before.replace(place, (_, open: string, close: string) => `${open}\n${text}\n\n${close}`),
  );
}

/** Environment and date, for the first line of every table. */
export function circumstances(python: string, rounds: number, load: number): string {
  return `${machine(load)}; CPython ${python}; median of ${rounds} rounds, in which all take turns.`;
}

/** The beginning of a sentence: date, machine, and its load. */
export function machine(load: number): string {
  const date = new Date().toISOString().slice(0, 10);
  const size = `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB`;
  return `Measured ${date} with \`npm run bench\` on ${process.platform} ${process.arch}, ${size}, load ${load.toFixed(1)} before the run`;
}
