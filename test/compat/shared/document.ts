/** docs/compatibility.md: scripts write the text between a pair of markers, people the rest. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './ran';

const DOCUMENT = join(ROOT, 'docs/compatibility.md');

export function write(section: string, text: string): void {
  writeFileSync(DOCUMENT, replaced(readFileSync(DOCUMENT, 'utf8'), section, text));
}

/** @throws if the document has no such section */
export function replaced(document: string, section: string, text: string): string {
  const [begin, end] = [`<!-- ${section}: written by a script -->`, `<!-- end of ${section} -->`];
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from < 0 || to < from) throw new Error(`docs/compatibility.md has no section ${section}.`);
  return `${document.slice(0, from + begin.length)}\n\n${text.trim()}\n\n${document.slice(to)}`;
}

export function today(): string {
  return new Date().toISOString().slice(0, 10);
}
