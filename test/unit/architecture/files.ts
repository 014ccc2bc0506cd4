/** The project's files. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const ROOT = path.join(import.meta.dirname, '..', '..', '..');

/** The folders of .gitignore: names, which are ignored everywhere, and paths from the root. */
const IGNORED = new Set(
  readFileSync(path.join(ROOT, '.gitignore'), 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('/'))
    .map((line) => line.slice(0, -1)),
);

/**
 * The files of a folder and of those below it, without ignored folders.
 * @param folder from the project's root, '' for the root itself
 * @returns paths from the root, with `/`
 */
export function filesBelow(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const here = path.posix.join(folder, entry.name);
    if (!entry.isDirectory()) return [here];
    return entry.name === '.git' || IGNORED.has(entry.name) || IGNORED.has(here) ? [] : filesBelow(here);
  });
}
