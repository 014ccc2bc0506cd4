/** The prose in the project's files: documents, comments, sentences in string literals, and names of Python tests. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync, Visitor } from 'rolldown/utils';
import { filesBelow, ROOT } from './files';
import type { Word } from './words';

/** A piece of prose and where it begins in its file. */
interface Piece {
  readonly text: string;
  readonly at: number;
}

/** A word of the list in a file. */
export interface Hit {
  readonly file: string;
  readonly line: number;
  readonly found: string;
  readonly instead: string;
}

const GENERATED = ['server/protocol/vocabulary.ts', 'server/runtime/forkscope_runtime/vocabulary.py'];
const WORD_LIST = 'test/unit/architecture/words';

/** The files whose prose counts, from the project's root. */
export function proseFiles(): string[] {
  return filesBelow('').filter(
    (file) => extractor(file) !== undefined && !GENERATED.includes(file) && !file.startsWith(WORD_LIST),
  );
}

/** The words of the list in one file. */
export function hitsOf(words: readonly Word[], file: string, source = read(file)): Hit[] {
  const pattern = anyOf(words);
  if (source.search(pattern) < 0) return []; // a file that has none even in its code need not be parsed
  const pieces = extractor(file)?.(source, file) ?? [];
  return pieces.flatMap(({ text, at }) =>
    [...text.matchAll(pattern)].map((match) => ({
      file,
      line: source.slice(0, at + match.index).split('\n').length,
      found: match[0].trim(),
      instead: words[match.slice(1).findIndex((group) => group !== undefined)]?.instead ?? '',
    })),
  );
}

/** One group for each word. */
function anyOf(words: readonly Word[]): RegExp {
  return new RegExp(`(?<![\\w-])(?:${words.map(({ pattern }) => `(${pattern})`).join('|')})(?!\\w)`, 'gi');
}

function read(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8');
}

type Extractor = (source: string, file: string) => Piece[];

function extractor(file: string): Extractor | undefined {
  if (/^(?:package\.nls|l10n\/bundle\.l10n)\.json$/.test(file)) return jsonText;
  if (/(?:^|\/)vocabulary\.json$/.test(file)) return jsonText;
  if (/\.d\.ts$|^test\/compat\/cpython\/|^test\/fuzz\/corpus\//.test(file)) return undefined;
  const byEnding: Readonly<Record<string, Extractor>> = {
    '.md': markdown,
    '.yml': whole,
    '.svg': markup,
    '.ts': script,
    '.tsx': script,
    '.mjs': script,
    '.py': python,
    '.c': native,
    '.h': native,
  };
  return byEnding[path.extname(file)];
}

const whole: Extractor = (text) => [{ text, at: 0 }];

/** Everything but code: spans, fenced and indented blocks. */
const markdown: Extractor = (source) => {
  const blank = (code: string): string => code.replace(/[^\n]/g, ' ');
  const text = source
    .replace(/^```[\s\S]*?^```/gm, blank)
    .replace(/^ {4}(?!\s*(?:[-*]|\d+\.) ).*$/gm, blank)
    .replace(/`[^`\n]*`/g, blank);
  return [{ text, at: 0 }];
};

const markup: Extractor = (source) => matches(source, />([^<]+)</dg);
/** Values, without the keys before them; of a bundle of texts, where both are the same, each text once. */
const jsonText: Extractor = (source) =>
  matches(source, /("(?:\\.|[^"\\])*")(?:\s*:)?/dg).filter(
    ({ text, at }) => !/^\s*:/.test(source.slice(at + text.length)),
  );

/** Comments, strings that are sentences, and text of elements. */
const script: Extractor = (source, file) => {
  const { program, comments, errors } = parseSync(path.basename(file), source);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  const found: Piece[] = comments.map(({ start, end }) => ({ text: source.slice(start, end), at: start }));
  const add = ({ start, end }: { start: number; end: number }): void => {
    const text = source.slice(start, end);
    if (isSentence(text)) found.push({ text, at: start });
  };
  new Visitor({ Literal: add, TemplateElement: add, JSXText: add }).visit(program);
  return found;
};

const python: Extractor = (source) => {
  const tokens = /#[^\n]*|"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/dg;
  const names = matches(source, /\bdef (test_\w+)/dg).map(({ text, at }) => ({ text: text.replaceAll('_', ' '), at }));
  return [...matches(source, tokens).filter(({ text }) => isSentence(text)), ...names];
};

const native: Extractor = (source) =>
  matches(source, /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"/dg).filter(({ text }) => isSentence(text));

function isSentence(text: string): boolean {
  return /\s/.test(text.trim());
}

/** What a pattern finds: its first group, or all of it. */
function matches(source: string, pattern: RegExp): Piece[] {
  return [...source.matchAll(pattern)].map((match) => {
    const [from, to] = match.indices?.[1] ?? match.indices?.[0] ?? [0, 0];
    return { text: source.slice(from, to), at: from };
  });
}

/** Files that this branch changes, committed or not; none where the main branch is not known. */
export function changedFiles(): Set<string> {
  const git = (...words: string[]): string =>
    execFileSync('git', words, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    return new Set(git('diff', '--name-only', git('merge-base', 'main', 'HEAD')).split('\n'));
  } catch {
    return new Set();
  }
}
