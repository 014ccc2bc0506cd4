/**
 * Built once per interpreter, in the background, so that the runtime starts and records faster: a bundle of its
 * compiled modules and the C accelerator. The user's program never waits for it: a run uses it if it is ready. See
 * docs/decisions.md.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, openSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { log } from '../log/log';
import { userCache } from './cache';

/** Default when no setting applies (CLI, companion sessions). */
export const NATIVE_BY_DEFAULT = 0;
/** A compiler may be installed later. */
const TRY_AGAIN_MS = 24 * 3600 * 1000;
/** The whole build: compilation and trial. */
const PATIENCE_MS = 120_000;

/** Where this version's accelerators are; null if no such folder is possible or the platform is not supported. */
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

/** Where this version's compiled modules are. Specific to this path, because compiled code contains its file name. */
export function bytecodeFolder(runtime: string): string | null {
  try {
    const names = readdirSync(join(runtime, 'forkscope_runtime'), { recursive: true, encoding: 'utf8' }).sort();
    const files = names.filter((name) => name.endsWith('.py')).map((name) => join('forkscope_runtime', name));
    // The writer and the reader of the bundle have to agree on its format.
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

/** A private folder named by the hash of some files, so that the contents of another version are never used. */
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
 * Makes the accelerator and the bundle available to later runs of this interpreter. Does nothing if that was tried
 * already.
 *
 * @param python the interpreter's own path, as in `sys.executable`
 * @param native whether to build the accelerator too
 * @returns true once everything requested exists; false if something cannot be built
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
    // A virtual environment's interpreter links to its base's, and one build serves both.
    const file = realpathSync(python);
    const { mtimeMs, size } = statSync(file);
    const key = createHash('sha256').update(`${file}:${mtimeMs}:${size}`).digest('hex').slice(0, 16);
    stamp = join(folder, `stamp-${key}`);
    const known = readStamp(stamp);
    if (known !== null) return Promise.resolve(known);
    closeSync(openSync(stamp, 'wx', 0o600)); // of several simultaneous launches only one builds
  } catch (error) {
    // A concurrent launch may have been faster.
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

/** Whether the last attempt succeeded; null if a new one is due. */
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
