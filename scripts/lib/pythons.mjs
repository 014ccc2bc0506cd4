// Finds the interpreters of this machine for the tests.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

function pyenvVersions() {
  return join(process.env.PYENV_ROOT ?? join(process.env.HOME ?? '', '.pyenv'), 'versions');
}

function ask(path, source) {
  const asked = spawnSync(path, ['-c', source], { encoding: 'utf8', timeout: 10_000 });
  return asked.status === 0 ? asked.stdout.trim() : undefined;
}

/** The version in its usual form, with a `t` for a free-threaded build, and the path. */
const VERSION =
  'import sys; print("%d.%d.%d%s %s" % (sys.version_info[:3] + ("t" * ("free-threading build" in sys.version), sys.executable)))';

/**
 * Every Python from 3.6 on that this machine has, on the PATH or in pyenv: one of each minor version, oldest first.
 * Free-threaded builds (3.13t, 3.14t) precede them, so that the last one is the newest that most programs run on.
 * @param {(path: string) => boolean} wanted which interpreters count
 * @returns {{path: string, version: string, minor: number, free: boolean}[]} free: free-threaded
 */
export function pythons(wanted = () => true) {
  const windows = process.platform === 'win32';
  const folders = (process.env.PATH ?? '').split(delimiter);
  const versions = pyenvVersions();
  if (existsSync(versions)) folders.push(...readdirSync(versions).map((each) => join(versions, each, 'bin')));
  const found = new Map();
  for (const folder of folders) {
    let names = [];
    try {
      names = readdirSync(folder).filter((each) =>
        (windows ? /^python(3(\.\d+t?)?)?\.exe$/ : /^python(3(\.\d+t?)?)?$/).test(each),
      );
    } catch {
      continue;
    }
    for (const name of names) {
      const match = /^(\d+)\.(\d+)\.(\d+)(t?) (.+)$/.exec(ask(join(folder, name), VERSION) ?? '');
      if (!match) continue;
      const [, major, minor, , free, executable] = match;
      const key = `${major}.${minor}${free}`;
      if (Number(major) !== 3 || Number(minor) < 6 || found.has(key) || !existsSync(executable)) continue;
      const path = statSync(executable).isFile() ? executable : realpathSync(executable);
      if (wanted(path))
        found.set(key, { path, version: match[0].split(' ')[0], minor: Number(minor), free: free !== '' });
    }
  }
  return [...found.values()].sort((a, b) => Number(b.free) - Number(a.free) || a.minor - b.minor);
}

/** A Python 2.7: the tests run its programs, but need a later Python themselves. */
export function findPython2() {
  const versions = pyenvVersions();
  const inPyenv = existsSync(versions)
    ? readdirSync(versions).map((each) => join(versions, each, 'bin', 'python'))
    : [];
  for (const path of [...inPyenv.filter((each) => /[\\/]2\.7/.test(each)), 'python2.7']) {
    const found = ask(path, 'import sys; print(sys.executable)');
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether an interpreter includes CPython's own tests; many distributions omit them. */
function carriesItsTests(path) {
  const source = 'import os, test; print(os.path.exists(os.path.join(os.path.dirname(test.__file__), "regrtest.py")))';
  return ask(path, source) === 'True';
}

/** Every Python that includes CPython's own tests: 2.7, 3.6 and newer, PyPy. */
export function pythonsWithTests() {
  const python2 = findPython2();
  const found = pythons(carriesItsTests).map(({ path, version }) => ({ path, version }));
  if (python2 !== undefined && carriesItsTests(python2)) {
    found.unshift({ path: python2, version: ask(python2, VERSION).split(' ')[0] });
  }
  const pypy = ask('pypy3', VERSION);
  if (pypy !== undefined && carriesItsTests('pypy3')) {
    const [version, path] = pypy.split(' ');
    found.push({ path, version: `PyPy ${version}` });
  }
  return found;
}
