import { randomUUID } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join, resolve } from 'node:path';
import * as v from 'valibot';
import type { Schema } from '../../protocol/check';
import { ENV_CACHE, ENV_NATIVE, ENV_OPTIONS, ENV_SESSION, FILE_SESSION } from '../../protocol/vocabulary';
import { readSmallFile } from '../files/input';
import { readJson } from '../files/json';
import { acceleratorFolder, bytecodeFolder } from '../launch/prepared';
import type { SessionEndFile, SessionFile } from './types';

export const FILE_END = 'session-end.json';
export const FOLDER_PREFIX = 'forkscope-';

interface NewSession {
  /** The interpreter and its arguments. */
  readonly command: readonly string[];
  readonly cwd: string;
  readonly python: string;
}

/** Makes a session folder (0700, of an unpredictable name) in the temporary folder. Its path is absolute: processes change their working folder. */
export function createSessionFolder(session: NewSession): { folder: string; file: SessionFile } {
  const file: SessionFile = {
    format: 'forkscope-session',
    version: 1,
    id: randomUUID(),
    command: [...session.command],
    cwd: session.cwd,
    python: session.python,
    platform: process.platform,
    startedAt: Date.now(),
  };
  let failure = '';
  for (const place of temporaryFolders()) {
    try {
      return { folder: makeSessionFolder(place, file), file };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      failure ||= (error as Error).message;
    }
  }
  throw new Error(`There is no room for what is recorded: ${failure}. Set TMPDIR to a folder that can be written to.`);
}

/** @throws what the system says when there is no room, and leaves nothing there */
function makeSessionFolder(place: string, file: SessionFile): string {
  checkTemporary(place);
  const folder = mkdtempSync(join(place, FOLDER_PREFIX));
  try {
    chmodSync(folder, 0o700);
    writeFileSync(join(folder, FILE_SESSION), JSON.stringify(file), { mode: 0o600 });
    return folder;
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Absolute paths: a program's child may have another folder than its parent. Python's tempfile looks further where there is no such folder, or
 * none that can be written to; so does the program, and so do we.
 */
function temporaryFolders(): string[] {
  const others = process.platform === 'win32' ? [] : ['/tmp', '/var/tmp'];
  const writable = [tmpdir(), ...others].map(absolute).filter(isWritable);
  return writable.length > 0 ? writable : [tmpdir()];
}

function absolute(folder: string): string {
  try {
    return resolve(folder);
  } catch {
    return folder; // this process's own folder was deleted
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return statSync(folder).isDirectory();
  } catch {
    return false;
  }
}

/** Where others may rename what we make, a private folder is none: they could put their own in its place. */
function checkTemporary(folder: string): void {
  if (process.getuid === undefined) return;
  const { mode, uid } = statSync(folder);
  const open = (mode & 0o022) !== 0 && (mode & 0o1000) === 0;
  if (open && (uid !== process.getuid() || (mode & 0o002) !== 0))
    throw new Error(
      `Other users may replace files in the temporary folder ${folder}: make it sticky (chmod +t), or set TMPDIR to another one.`,
    );
}

const textOr = (fallback: string) => v.fallback(v.string(), fallback);

/** What a session file says beside its format: what does not fit counts as not said. */
const REST = v.object({
  id: textOr(''),
  command: v.fallback(v.array(textOr('')), []),
  cwd: textOr(''),
  python: textOr(''),
  platform: textOr(''),
  startedAt: v.fallback(v.number(), 0),
});

const SESSION_END: Schema<SessionEndFile> = v.object({
  pid: v.fallback(v.nullable(v.number()), null),
  exitCode: v.fallback(v.nullable(v.number()), null),
  signal: v.fallback(v.nullable(v.string()), null),
  endedAt: v.number(),
});

/** @throws an Error with a sentence when the folder holds no session that can be read */
export function readSessionFile(folder: string): SessionFile {
  let value: unknown;
  try {
    value = JSON.parse(readSmallFile(join(folder, FILE_SESSION)).toString('utf8'));
  } catch (error) {
    throw new Error(
      `${folder} is no Forkscope session: its ${FILE_SESSION} cannot be read (${(error as Error).message}).`,
    );
  }
  const file = value as Partial<SessionFile>;
  if (typeof file !== 'object' || file === null || file.format !== 'forkscope-session')
    throw new Error(`${folder} is no Forkscope session.`);
  if (file.version !== 1)
    throw new Error(
      `${folder} was recorded by another version of Forkscope (format ${String(file.version)}; this one reads 1).`,
    );
  const { id, ...rest } = v.parse(REST, file);
  return { format: 'forkscope-session', version: 1, id: id || basename(folder), ...rest };
}

/** Notes how the main process ended; whole or not at all. */
export function writeSessionEnd(folder: string, end: SessionEndFile): void {
  const path = join(folder, FILE_END);
  writeFileSync(`${path}.new`, JSON.stringify(end), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

export function readSessionEnd(folder: string): SessionEndFile | null {
  return readJson(join(folder, FILE_END), SESSION_END);
}

/** Sentences of what processes left behind because they could not record. */
export function readNotes(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => /^note-\d+\.txt$/.test(name));
  } catch {
    return [];
  }
  return names.slice(0, 20).map((name) => {
    let why = '';
    try {
      why = readSmallFile(join(folder, name)).toString('utf8', 0, 300).trim();
    } catch {
      // what it could not say is not known
    }
    return `Process ${name.replace(/\D/g, '')} was not recorded${why === '' ? '' : `: ${why}`}.`;
  });
}

/** Where the Python side is: beside the bundle in the package, in the source tree otherwise. */
export function runtimeFolder(): string {
  const here = __dirname;
  const above = [here, join(here, '..'), join(here, '../..'), join(here, '../../..')];
  const found = above
    .flatMap((each) => [join(each, 'runtime'), join(each, 'server', 'runtime')])
    .find((each) => existsSync(join(each, 'inject', 'sitecustomize.py')));
  if (found === undefined)
    throw new Error(`Forkscope is not complete: its Python runtime is not beside ${here}. Install it again.`);
  return found;
}

/** What each option of the runtime is set to; absent: its default. `native`: 1 when it may use an accelerator. */
export type RuntimeOptions = Readonly<Record<string, number>>;

/** What a program's environment needs so that Python records into a folder. */
interface EnvironmentChanges {
  readonly set: Readonly<Record<string, string>>;
  /** To be in front of PYTHONPATH. */
  readonly path: string;
}

/** @param has whether a variable is set already */
export function environmentChanges(
  folder: string,
  has: (name: string) => boolean,
  options: RuntimeOptions = {},
): EnvironmentChanges {
  const cache = bytecodeFolder(runtimeFolder());
  const { native = 0, ...numbers } = options;
  const accelerators = native > 0 && !has(ENV_NATIVE) ? acceleratorFolder(runtimeFolder()) : null;
  const settings = Object.entries(numbers).map(([key, value]) => `${key}=${Math.round(value)}`);
  return {
    path: join(runtimeFolder(), 'inject'),
    set: {
      [ENV_SESSION]: folder,
      ...(settings.length > 0 && { [ENV_OPTIONS]: settings.join(',') }),
      ...(cache !== null && { [ENV_CACHE]: cache }),
      ...(accelerators !== null && { [ENV_NATIVE]: accelerators }),
    },
  };
}

/** The environment in which Python records into the folder: `base` with the runtime in front of its path. */
export function sessionEnvironment(
  folder: string,
  base: NodeJS.ProcessEnv,
  options: RuntimeOptions = {},
): NodeJS.ProcessEnv {
  const { path, set } = environmentChanges(folder, (name) => base[name] !== undefined, options);
  const before = base['PYTHONPATH'];
  const after = before === undefined || before === '' ? path : `${path}${delimiter}${before}`;
  return { ...base, PYTHONPATH: after, ...set };
}
