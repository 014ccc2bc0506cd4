import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { acceleratorFolder, buildAccelerator } from '../../../server/session/accelerator';
import { runtimeFolder, sessionEnvironment } from '../../../server/session/folder';

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
  test("is the user's own and named by what its files are made of", () => {
    const folder = acceleratorFolder(runtime) as string;
    expect(basename(folder)).toMatch(/^native-[0-9a-f]{16}$/);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    chmodSync(folder, 0o777);
    expect(acceleratorFolder(runtime)).toBeNull();
  });

  test('is named to programs only when that is wanted and nobody has said otherwise', () => {
    const native = acceleratorFolder(runtime);
    expect(sessionEnvironment('/x', {}, { native: 1 })['FORKSCOPE_NATIVE']).toBe(native);
    expect(sessionEnvironment('/x', {}, { native: 0 })['FORKSCOPE_NATIVE']).toBeUndefined();
    expect(sessionEnvironment('/x', {}, { native: 1, ring: 5 })['FORKSCOPE_OPTIONS']).toBe('ring=5');
    expect(sessionEnvironment('/x', { FORKSCOPE_NATIVE: '0' }, { native: 1 })['FORKSCOPE_NATIVE']).toBe('0');
  });
});

describe.skipIf(!fits)('building', () => {
  test('is done once for an interpreter', async () => {
    const folder = acceleratorFolder(runtime) as string;
    expect(await buildAccelerator(runtime, python)).toBe(true);
    const made = readdirSync(folder).filter((name) => name.startsWith('forkscope_accelerator.'));
    expect(made).toHaveLength(1);
    const file = join(folder, made[0] as string);
    expect(statSync(file).mode & 0o077).toBe(0);
    const first = statSync(file).ino;
    expect(await buildAccelerator(runtime, python)).toBe(true);
    expect(statSync(file).ino).toBe(first);
  }, 60_000);

  test('that failed is tried again a day later, and not before', async () => {
    const folder = acceleratorFolder(runtime) as string;
    const broken = join(cache, 'python');
    writeFileSync(broken, '#!/bin/sh\nexit 1\n', { mode: 0o700 });
    expect(await buildAccelerator(runtime, broken)).toBe(false);
    const stamp = join(folder, readdirSync(folder)[0] as string);
    writeFileSync(stamp, 'untouched');
    expect(await buildAccelerator(runtime, broken)).toBe(false);
    utimesSync(stamp, 0, 0);
    expect(await buildAccelerator(runtime, broken)).toBe(false);
    expect(statSync(stamp).size).toBe(0); // made anew by another try
  });

  test('does nothing for an interpreter that is not there', async () => {
    expect(await buildAccelerator(runtime, join(cache, 'no-such-python'))).toBe(false);
    expect(existsSync(join(cache, 'no-such-python'))).toBe(false);
  });
});
