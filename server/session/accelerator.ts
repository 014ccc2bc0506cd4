/**
 * The runtime's accelerator: C code that is built once per interpreter, in the background, into a folder of the user's own.
 * The program under view never waits for it: a run finds it ready, or records in pure Python. See docs/decisions.md.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { userCache } from './cache';

/** What it is made of; their hash is in the folder's name, so that no other version's is ever loaded. */
const SOURCES = ['accelerator.c', 'hooks.h', 'layout.h'];
/** A compiler may be there tomorrow. */
const TRY_AGAIN_MS = 24 * 3600 * 1000;
/** What is done where nobody says: the command line, other debuggers' sessions. */
export const NATIVE_BY_DEFAULT = 0;
/** The whole of a build: compiling and trying. */
const PATIENCE_MS = 120_000;

/** Where this version's accelerators are; null when there can be no such folder, or none for this platform. */
export function acceleratorFolder(runtime: string): string | null {
  if (process.platform === 'win32') return null;
  try {
    const hash = createHash('sha256');
    for (const name of SOURCES) hash.update(readFileSync(join(runtime, 'native', name)));
    return userCache(`native-${hash.digest('hex').slice(0, 16)}`);
  } catch {
    return null;
  }
}

/**
 * Sees to it that a later run of this interpreter finds an accelerator. Does nothing when that was tried already.
 *
 * @param python the interpreter's own path, as `sys.executable` has it
 * @returns true once one is there that was tried; false when there can be none
 */
export function buildAccelerator(runtime: string, python: string): Promise<boolean> {
  const folder = acceleratorFolder(runtime);
  if (folder === null) return Promise.resolve(false);
  let stamp: string;
  try {
    // A virtual environment's interpreter is a link to its base's, and one accelerator serves both.
    const file = realpathSync(python);
    const { mtimeMs, size } = statSync(file);
    const key = createHash('sha256').update(`${file}:${mtimeMs}:${size}`).digest('hex').slice(0, 16);
    stamp = join(folder, `stamp-${key}`);
    const known = readStamp(stamp);
    if (known !== null) return Promise.resolve(known);
    closeSync(openSync(stamp, 'wx', 0o600)); // of launches at the same time one builds
  } catch {
    return Promise.resolve(false);
  }
  const child = spawn(python, ['-I', '-B', join(runtime, 'native', 'build.py'), folder, stamp], {
    stdio: 'ignore',
    detached: true,
  });
  child.unref();
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    timer.unref();
    const done = (status: number | null) => {
      clearTimeout(timer);
      resolve(status === 0);
    };
    child.once('error', () => done(null));
    child.once('exit', done);
  });
}

/** Whether there was an accelerator at the end of the last try; null when it is time for one. */
function readStamp(path: string): boolean | null {
  try {
    if (readFileSync(path, 'utf8') === 'built') return true;
    if (Date.now() - statSync(path).mtimeMs < TRY_AGAIN_MS) return false;
    rmSync(path);
    return null;
  } catch {
    return null;
  }
}
