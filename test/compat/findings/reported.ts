/**
 * Reads the findings reported for a run, in Forkscope's own words, with the functions at their lines. Pure, except for
 * reading sources.
 */
import { readFileSync } from 'node:fs';

export interface Reported {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  /** The functions around the lines that it shows, "Class.method"; the first one is its primary place. */
  readonly places: readonly string[];
}

const HEAD = /^forkscope: (error|warning|info): (.*) \[([a-z-]+)\]$/;
const LINE = /^ {4}(\S.*):(\d+) {2}/;

/** Every finding printed on stderr, each once. */
export function reportedOn(stderr: string): Reported[] {
  const found: Reported[] = [];
  let places: string[] | null = null;
  for (const line of stderr.split('\n')) {
    const head = HEAD.exec(line);
    if (head !== null) {
      const [, severity = '', message = '', code = ''] = head;
      places = [];
      found.push({ code, severity, message, places });
      continue;
    }
    const evidence = LINE.exec(line);
    if (evidence !== null && places !== null) places.push(around(evidence[1] as string, Number(evidence[2])));
    else places = null;
  }
  return found;
}

const sources = new Map<string, readonly string[]>();
function linesOf(file: string): readonly string[] {
  let lines = sources.get(file);
  if (lines === undefined) {
    try {
      lines = readFileSync(file, 'utf8').split('\n');
    } catch {
      lines = [];
    }
    sources.set(file, lines);
  }
  return lines;
}

/** "TestQueue.test_fork" for a line in it; the line itself outside of functions. */
function around(file: string, number: number): string {
  const lines = linesOf(file);
  const names: string[] = [];
  let indent = /^\s*/.exec(lines[number - 1] ?? '')?.[0].length ?? 0;
  for (let at = number - 2; at >= 0 && indent > 0; at--) {
    const [, space = '', name] = /^(\s*)(?:async def|def|class)\s+(\w+)/.exec(lines[at] ?? '') ?? [];
    if (name === undefined || space.length >= indent) continue;
    names.unshift(name);
    indent = space.length;
  }
  return names.length > 0 ? names.join('.') : `${file}:${number}`;
}
