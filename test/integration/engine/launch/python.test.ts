import { chmodSync, mkdirSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { findPython, probePython } from '../../../../server/engine/launch/python';
import { Workplace } from '../../../shared/workplace';
import { PYTHON } from '../session/programs';

const place = new Workplace();
afterAll(() => place.dispose());
const posix = process.platform !== 'win32';

/** An executable with this output. */
function fake(name: string, shell: string): string {
  const path = place.write(name, `#!/bin/sh\n${shell}\n`);
  chmodSync(path, 0o755);
  return path;
}

test('a Python reports its version and features', async () => {
  const { version, implementation, executable } = await probePython(PYTHON);
  expect(version).toMatch(/^3\.\d+\.\d+$/);
  expect(implementation).toBe('cpython');
  expect(executable).not.toBe('');
});

describe.runIf(posix)('what is wrong is said in a sentence', () => {
  test.each<[string, () => string, RegExp]>([
    ['not there', () => place.path('none'), /There is no Python interpreter at .*none\. Check the path/],
    ['not executable', () => place.write('plain', 'x'), /plain may not be executed\. Check its permissions/],
    ['a folder', () => place.folder, /may not be executed/],
    ['not Python', () => fake('echo', 'echo hello'), /did not answer like a Python interpreter/],
    ['JSON that is no answer', () => fake('seven', 'echo 7'), /did not answer like a Python interpreter/],
    [
      'too old',
      () => fake('old', `echo '[[3, 5, 10], "cpython", "x"]'`),
      /old is Python 3\.5\.10\. Forkscope works with Python 2\.7, and with 3\.6 and newer/,
    ],
    [
      'an old Python 2',
      () => fake('two', `echo '[[2, 6, 9], "cpython", "x"]'`),
      /two is Python 2\.6\.9\. Forkscope works with/,
    ],
    ['crashed', () => fake('crash', 'kill -SEGV $$'), /crash crashed \(SIGSEGV\)/],
    [
      'failing',
      () => fake('fails', 'echo "no libpython" >&2; exit 1'),
      /fails is no working Python interpreter: no libpython/,
    ],
  ])('%s', async (_name, python, message) => {
    await expect(probePython(python())).rejects.toThrow(message);
  });
});

test.runIf(posix)('the virtual environment that is active comes first, then .venv here, then the PATH', () => {
  const make = (...parts: string[]) => {
    mkdirSync(place.path(join(...parts.slice(0, -1))), { recursive: true });
    return place.write(join(...parts), '');
  };
  const cwd = realpathSync(place.folder);
  const path = make('bin', 'python3');
  const env = { PATH: ['/none', join(place.folder, 'bin')].join(delimiter) };
  expect(findPython(cwd, { PATH: '/none' })).toBeNull();
  expect(findPython(cwd, env)).toBe(path);
  make('.venv', 'bin', 'python');
  expect(findPython(cwd, env)).toBe(join(cwd, '.venv/bin/python'));
  const active = make('other', 'bin', 'python');
  expect(findPython(cwd, { ...env, VIRTUAL_ENV: place.path('other') })).toBe(active);
});
