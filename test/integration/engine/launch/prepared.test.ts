import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { acceleratorFolder, bytecodeFolder, prepareRuntime } from '../../../../server/engine/launch/prepared';
import { runtimeFolder, sessionEnvironment } from '../../../../server/engine/session/folder';

const runtime = runtimeFolder();
const python = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).stdout.trim();
const builder = join(runtime, 'native', 'build.py');
const fits =
  spawnSync(python, [
    '-I',
    '-B',
    '-c',
    `import runpy, sys; sys.exit(runpy.run_path(${JSON.stringify(builder)})["unfit"]())`,
  ]).status === 0;

let cache: string;
const before = process.env['XDG_CACHE_HOME'];
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'accelerator-test-'));
  process.env['XDG_CACHE_HOME'] = cache;
});
afterEach(() => {
  rmSync(cache, { recursive: true, force: true });
  if (before === undefined) delete process.env['XDG_CACHE_HOME'];
  else process.env['XDG_CACHE_HOME'] = before;
});

describe.skipIf(process.platform !== 'linux')('the folder of accelerators', () => {
  test("is the user's own and named by the hash of its sources", () => {
    const folder = acceleratorFolder(runtime) as string;
    expect(basename(folder)).toMatch(/^native-[0-9a-f]{16}$/);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    chmodSync(folder, 0o777);
    expect(acceleratorFolder(runtime)).toBeNull();
  });

  test.skipIf(process.getuid?.() !== 0)("of another user's is not used", () => {
    const folder = acceleratorFolder(runtime) as string;
    chownSync(folder, 65_534, 65_534);
    expect(acceleratorFolder(runtime)).toBeNull();
  });

  test('is a different one after any of its sources changes', () => {
    const copy = join(cache, 'sources');
    cpSync(join(runtime, 'native'), join(copy, 'native'), { recursive: true });
    const before = basename(acceleratorFolder(copy) as string);
    const names = readdirSync(join(copy, 'native')).filter((name) => /\.[ch]$/.test(name));
    const after = names.map((name) => {
      appendFileSync(join(copy, 'native', name), '/* */');
      return basename(acceleratorFolder(copy) as string);
    });
    expect(new Set([before, ...after]).size).toBe(names.length + 1);
    expect(names.length).toBeGreaterThan(4);
  });

  test('is passed to programs only if requested and not overridden', () => {
    const native = acceleratorFolder(runtime);
    expect(sessionEnvironment('/x', {}, { native: 1 })['FORKSCOPE_NATIVE']).toBe(native);
    expect(sessionEnvironment('/x', {}, { native: 0 })['FORKSCOPE_NATIVE']).toBeUndefined();
    expect(sessionEnvironment('/x', {}, { native: 1, ring: 5 })['FORKSCOPE_OPTIONS']).toBe('ring=5');
    expect(sessionEnvironment('/x', { FORKSCOPE_NATIVE: '0' }, { native: 1 })['FORKSCOPE_NATIVE']).toBe('0');
  });
});

describe('the bundle of compiled modules', () => {
  test('is read by a process of the program', async () => {
    const folder = bytecodeFolder(runtime) as string;
    expect(basename(folder)).toMatch(/^python-[0-9a-f]{16}$/);
    expect(await prepareRuntime(runtime, python, false)).toBe(true);
    const bundles = readdirSync(folder).filter((name) => name.endsWith('.bundle'));
    expect(bundles).toHaveLength(1);
    const compiled = readdirSync(join(runtime, 'inject', '__pycache__'));
    expect(compiled.some((name) => `${name.split('.')[1]}.bundle` === bundles[0])).toBe(true);
    const session = mkdtempSync(join(cache, 'session-'));
    const ask =
      'import sys, multiprocessing.connection\n' +
      'found = [sys.modules[name] for name in sys.modules if name.startswith("forkscope_runtime")]\n' +
      'print(len(found) > 20, [each.__name__ for each in found if each.__spec__.cached], found[1].__file__)';
    const run = () =>
      spawnSync(python, ['-c', ask], { env: sessionEnvironment(session, process.env), encoding: 'utf8' });
    const done = run();
    expect(done.stderr).toBe('');
    expect(done.stdout).toContain('True []');
    expect(done.stdout).toContain(join(runtime, 'forkscope_runtime'));
    expect(readdirSync(session)).toHaveLength(1);
    const path = join(folder, bundles[0] as string);
    const whole = readFileSync(path);
    for (const damaged of [
      '',
      'nonsense that is no bundle at all',
      whole.subarray(0, 5000),
      whole.subarray(0, -1000),
    ]) {
      writeFileSync(path, damaged);
      const again = run();
      expect([again.status, again.stderr]).toEqual([0, '']);
      expect(again.stdout).toContain('True');
      expect(again.stdout).not.toContain('[]');
    }
    expect(readdirSync(session)).toHaveLength(5);
  });
});

describe.skipIf(!fits)('building', () => {
  test('is built once per interpreter', async () => {
    const folder = acceleratorFolder(runtime) as string;
    expect(await prepareRuntime(runtime, python, true)).toBe(true);
    const made = readdirSync(folder).filter((name) => name.startsWith('forkscope_accelerator.'));
    expect(made).toHaveLength(1);
    const file = join(folder, made[0] as string);
    expect(statSync(file).mode & 0o077).toBe(0);
    const first = statSync(file).ino;
    expect(await prepareRuntime(runtime, python, true)).toBe(true);
    expect(statSync(file).ino).toBe(first);
  }, 60_000);

  test('is retried a day after a failure, and not before', async () => {
    const folder = acceleratorFolder(runtime) as string;
    const broken = join(cache, 'python');
    writeFileSync(broken, '#!/bin/sh\nexit 1\n', { mode: 0o700 });
    expect(await prepareRuntime(runtime, broken, true)).toBe(false);
    const stamp = join(folder, readdirSync(folder)[0] as string);
    writeFileSync(stamp, 'untouched');
    expect(await prepareRuntime(runtime, broken, true)).toBe(false);
    utimesSync(stamp, 0, 0);
    expect(await prepareRuntime(runtime, broken, true)).toBe(false);
    expect(statSync(stamp).size).toBe(0); // built again by another attempt
  });

  test('does nothing for a missing interpreter', async () => {
    expect(await prepareRuntime(runtime, join(cache, 'no-such-python'), true)).toBe(false);
    expect(existsSync(join(cache, 'no-such-python'))).toBe(false);
  });
});
