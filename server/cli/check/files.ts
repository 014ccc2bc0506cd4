/** Finds the Python files below some paths. Omits what git ignores, virtual environments and links to folders. */
import { existsSync, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { readSmallFile } from '../../engine/files/input';

/** A larger text is data rather than a program. */
const MAX_BYTES = 2 * 2 ** 20;
const NEVER = new Set(['.git', '.hg', '.svn', '__pycache__', 'node_modules', '.tox', '.nox', '.eggs']);

export interface Problem {
  readonly file: string;
  readonly message: string;
}

/** A .gitignore and the folder that its paths are relative to. */
interface Rules {
  readonly folder: string;
  readonly rules: Ignore;
}

/**
 * Yields every file once, those of a folder in the order of their names. A file named explicitly is taken whatever its
 * name.
 * @param problem receives what could not be read
 * @param leftOut is called for every file or folder that git ignores
 */
export function* pythonFiles(
  paths: readonly string[],
  problem: (what: Problem) => void,
  leftOut: () => void = () => {},
): Generator<string> {
  const seen = new Set<string>();
  for (const path of paths) {
    const full = resolve(path);
    let folder: boolean;
    try {
      folder = statSync(full).isDirectory();
    } catch (error) {
      problem({ file: path, message: sentence(error) });
      continue;
    }
    for (const file of folder ? below(full, rulesAbove(full), problem, leftOut) : [full]) {
      if (!seen.has(file)) yield file;
      seen.add(file);
    }
  }
}

function* below(
  folder: string,
  above: readonly Rules[],
  problem: (what: Problem) => void,
  leftOut: () => void,
): Generator<string> {
  let entries: import('node:fs').Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    problem({ file: folder, message: sentence(error) });
    return;
  }
  const rules = [...above, ...rulesIn(folder)];
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const full = join(folder, entry.name);
    // A link to a folder may form a cycle.
    const file = entry.isFile() || (entry.isSymbolicLink() && /\.pyw?$/.test(entry.name) && isFile(full));
    if (entry.isDirectory()) {
      if (NEVER.has(entry.name) || existsSync(join(full, 'pyvenv.cfg'))) continue;
      if (ignored(`${full}${sep}`, rules)) leftOut();
      else yield* below(full, rules, problem, leftOut);
    } else if (file && /\.pyw?$/.test(entry.name)) {
      if (ignored(full, rules)) leftOut();
      else yield full;
    }
  }
}

/** The .gitignore files of the parent folders, up to the repository's root. */
function rulesAbove(folder: string): Rules[] {
  const found: Rules[] = [];
  for (let at = folder; !existsSync(join(at, '.git')); ) {
    const up = dirname(at);
    if (up === at) return []; // not in a repository
    found.unshift(...rulesIn(up));
    at = up;
  }
  return found;
}

function rulesIn(folder: string): Rules[] {
  try {
    return [
      { folder, rules: ignore().add(readSmallFile(realpathSync.native(join(folder, '.gitignore'))).toString('utf8')) },
    ];
  } catch {
    return []; // no .gitignore here
  }
}

/** The nearest file with a matching rule decides. */
function ignored(path: string, all: readonly Rules[]): boolean {
  for (const { folder, rules } of [...all].reverse()) {
    const inside = relative(folder, path).split(sep).join('/') + (path.endsWith(sep) ? '/' : '');
    const says = rules.test(inside);
    if (says.ignored) return true;
    if (says.unignored) return false;
  }
  return false;
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false; // a dangling link
  }
}

/** The text of a Python file, in its declared encoding. Throws an error whose message is a sentence. */
export function readSource(file: string): string {
  let bytes: Buffer;
  try {
    const info = lstatSync(file).isSymbolicLink() ? statSync(file) : lstatSync(file);
    if (!info.isFile()) throw new Error('It is no regular file.');
    if (info.size > MAX_BYTES) throw new Error(`It is larger than ${MAX_BYTES / 2 ** 20} MiB: no program text.`);
    bytes = readSmallFile(realpathSync.native(file));
  } catch (error) {
    throw new Error(sentence(error));
  }
  if (bytes.includes(0)) throw new Error('It is no text: it has NUL bytes.');
  const head = bytes.subarray(0, 200).toString('latin1').split('\n', 2).join('\n');
  const encoding = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/m.exec(head)?.[1] ?? 'utf-8';
  try {
    return decoder(encoding).decode(bytes);
  } catch {
    throw new Error(`It is not ${encoding}: save it as UTF-8, or name its encoding in the first line.`);
  }
}

/** Python's encoding names are those of the web except for their dashes: "latin-1", "iso8859_15". */
function decoder(encoding: string): InstanceType<typeof TextDecoder> {
  const name = encoding.replaceAll('_', '-');
  try {
    return new TextDecoder(name, { fatal: true });
  } catch {
    return new TextDecoder(name.replaceAll('-', ''), { fatal: true });
  }
}

function sentence(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'There is no such file or folder.';
  if (code === 'EACCES' || code === 'EPERM') return 'It may not be read.';
  return message;
}

export function shown(file: string, cwd: string): string {
  const path = relative(cwd, file);
  return path === '' ? basename(file) : path.startsWith('..') ? file : path;
}
