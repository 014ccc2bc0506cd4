import { readNamed } from '../files/input';

/** Larger files are hardly written by a person. */
const MAX_BYTES = 4 * 2 ** 20;
const MAX_FILES = 64;
/** A file is looked at again after so long, ms. */
const FRESH = 2000;

interface Source {
  readonly lines: readonly string[];
  readonly mtime: number;
  checked: number;
}

const cache = new Map<string, Source>();

/** A line of a source file as it is now; '' when it cannot be read. Lines count from 1. */
export function sourceLine(file: string, line: number): string {
  const now = performance.now();
  let source = cache.get(file);
  if (source === undefined || now - source.checked > FRESH) {
    source = read(file, source, now);
    cache.delete(file);
    cache.set(file, source);
    if (cache.size > MAX_FILES) cache.delete(cache.keys().next().value as string);
  }
  return source.lines[line - 1] ?? '';
}

function read(file: string, known: Source | undefined, now: number): Source {
  const text = readNamed(file, MAX_BYTES, known?.mtime);
  if (text !== null) return { lines: text.text.split('\n'), mtime: text.changedAt, checked: now };
  // Also of one that is gone or cannot be read now, what was read stays: a running program has read the same.
  return known === undefined ? { lines: [], mtime: -1, checked: now } : { ...known, checked: now };
}
