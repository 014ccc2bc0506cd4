/**
 * What is made once for an interpreter, in the background, so that the runtime starts and records faster: a bundle of its compiled modules,
 * and its accelerator in C. The program under view never waits for it: a run finds it ready, or goes without. See docs/decisions.md.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, openSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { log } from '../log/log';
import { userCache } from './cache';

/** What is done where nobody says: the command line, other debuggers' sessions. */
export const NATIVE_BY_DEFAULT = 0;
/** A compiler may be there tomorrow. */
const TRY_AGAIN_MS = 24 * 3600 * 1000;
/** The whole of a build: compiling and trying. */
const PATIENCE_MS = 120_000;

/** Where this version's accelerators are; null when there can be no such folder, or none for this platform. */
export function acceleratorFolder(runtime: string): string | null {
  if (process.platform === 'win32') return null;
  try {
    const names = readdirSync(join(runtime, 'native')).filter((name) => /\.[ch]$/.test(name));
    return versioned(
      'native',
      '',
      names.sort().map((name) => join(runtime, 'native', name)),
    );
  } catch (error) {
    log.swallowed('naming the folder of accelerators', error);
    return null;
  }
}

/** Where this version's compiled modules are: of this very place, because compiled code knows its file. */
export function bytecodeFolder(runtime: string): string | null {
  try {
    const names = readdirSync(join(runtime, 'forkscope_runtime'), { recursive: true, encoding: 'utf8' }).sort();
    const files = names.filter((name) => name.endsWith('.py')).map((name) => join('forkscope_runtime', name));
    // The two that write and read what is made: they have to agree on what is in it.
    files.push('bundle.py', join('inject', 'sitecustomize.py'));
    return versioned(
      'python',
      runtime,
      files.map((name) => join(runtime, name)),
    );
  } catch (error) {
    log.swallowed('naming the folder of compiled modules', error);
    return null;
  }
}

/** A folder of the user's own, named by the content of some files, so that no other version's content is ever used. */
function versioned(prefix: string, salt: string, files: readonly string[]): string | null {
  try {
    const hash = createHash('sha256').update(salt);
    for (const file of files) hash.update(readFileSync(file));
    return userCache(`${prefix}-${hash.digest('hex').slice(0, 16)}`);
  } catch (error) {
    log.swallowed(`naming the folder ${prefix}`, error);
    return null;
  }
}

/**
 * Sees to it that a later run of this interpreter finds what there can be. Does nothing where that was tried already.
 *
 * @param python the interpreter's own path, as `sys.executable` has it
 * @param native whether an accelerator is wanted too
 * @returns true once everything wanted is there; false when something cannot be
 */
export async function prepareRuntime(runtime: string, python: string, native: boolean): Promise<boolean> {
  const bundled = once(bytecodeFolder(runtime), python, join(runtime, 'bundle.py'));
  const built = native ? once(acceleratorFolder(runtime), python, join(runtime, 'native', 'build.py')) : true;
  return (await bundled) && (await built);
}

function once(folder: string | null, python: string, script: string): Promise<boolean> {
  if (folder === null) return Promise.resolve(false);
  let stamp: string;
  try {
    // A virtual environment's interpreter is a link to its base's, and what is made serves both.
    const file = realpathSync(python);
    const { mtimeMs, size } = statSync(file);
    const key = createHash('sha256').update(`${file}:${mtimeMs}:${size}`).digest('hex').slice(0, 16);
    stamp = join(folder, `stamp-${key}`);
    const known = readStamp(stamp);
    if (known !== null) return Promise.resolve(known);
    closeSync(openSync(stamp, 'wx', 0o600)); // of launches at the same time one builds
  } catch (error) {
    // Another launch may be quicker by a moment.
    log.swallowed(`preparing ${python} in ${folder}`, error);
    return Promise.resolve(false);
  }
  const child = spawn(python, ['-I', '-B', script, folder, stamp], { stdio: 'ignore', detached: true });
  log.note('process', `${script} for ${python}: pid ${child.pid ?? 'none'}`);
  child.unref();
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    timer.unref();
    const done = (status: number | null) => {
      clearTimeout(timer);
      log.note('process', `${script} for ${python} ended: ${status ?? 'killed, or not started'}`);
      resolve(status === 0);
    };
    child.once('error', () => done(null));
    child.once('exit', done);
  });
}

/** Whether it was there at the end of the last try; null when it is time for one. */
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
