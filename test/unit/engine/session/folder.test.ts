import { chmodSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join, relative } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { privateAddress } from '../../../../server/debug/pauses/address';
import {
  createSessionFolder,
  readSessionEnd,
  readSessionFile,
  sessionEnvironment,
  writeSessionEnd,
} from '../../../../server/engine/session/folder';
import { Workplace } from '../../../shared/workplace';

const place = new Workplace();
const made: string[] = [];
afterAll(() => {
  place.dispose();
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});
function create() {
  const session = createSessionFolder({ command: ['python3', 'x.py', 'ä'], cwd: '/somewhere', python: 'python3' });
  made.push(session.folder);
  return session;
}

test("a session folder is the user's only and describes its program", () => {
  const { folder, file } = create();
  if (process.platform !== 'win32') {
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'session.json')).mode & 0o777).toBe(0o600);
  }
  expect(readSessionFile(folder)).toEqual(file);
  expect(file).toMatchObject({ format: 'forkscope-session', version: 1, command: ['python3', 'x.py', 'ä'] });
  expect(create().folder).not.toBe(folder);
  expect(readSessionEnd(folder)).toBeNull();
  const end = { pid: 7, exitCode: null, signal: 'SIGKILL', endedAt: 1 };
  writeSessionEnd(folder, end);
  expect(readSessionEnd(folder)).toEqual(end);
});

test.skipIf(process.platform !== 'linux')(
  'where it cannot be made in TMPDIR, it is made beside other temporary files',
  () => {
    const temporary = process.env['TMPDIR'];
    process.env['TMPDIR'] = '/proc'; // root may write there, as far as its mode shows
    try {
      expect(['/tmp', '/var/tmp']).toContain(dirname(create().folder));
    } finally {
      if (temporary === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = temporary;
    }
  },
);

test('its path is valid in every working folder, also with a relative TMPDIR', async () => {
  const [temporary, caches] = [process.env['TMPDIR'], process.env['XDG_CACHE_HOME']];
  process.env['TMPDIR'] = relative(process.cwd(), place.path('.'));
  process.env['XDG_CACHE_HOME'] = relative(process.cwd(), place.path('.'));
  try {
    const { folder } = create();
    expect(dirname(folder)).toBe(place.folder);
    const named = Object.entries(sessionEnvironment(folder, {}, { native: 1 })).filter(([name]) =>
      name.startsWith('FORKSCOPE_'),
    );
    expect(named.filter(([, value]) => value?.includes('/') && !isAbsolute(value))).toEqual([]);
    const address = await privateAddress('test');
    if (address.folder !== null) made.push(address.folder);
    expect(isAbsolute(address.path)).toBe(true);
  } finally {
    if (temporary === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = temporary;
    if (caches === undefined) delete process.env['XDG_CACHE_HOME'];
    else process.env['XDG_CACHE_HOME'] = caches;
  }
});

test.each([
  ['{}', /is no Forkscope session/],
  ['not json', /cannot be read/],
  ['null', /is no Forkscope session/],
  ['{"format": "forkscope-session", "version": 9}', /another version of Forkscope \(format 9/],
])('session.json with %s is rejected', (text, message) => {
  mkdirSync(place.path('bad'), { recursive: true });
  place.write('bad/session.json', text);
  expect(() => readSessionFile(place.path('bad'))).toThrow(message);
});

describe('the environment', () => {
  const name = process.platform === 'win32' ? 'LOCALAPPDATA' : 'XDG_CACHE_HOME';
  const before = process.env[name];
  beforeEach(() => {
    process.env[name] = place.path('cache');
  });
  afterEach(() => {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  });

  test("puts our folder in front of the user's own path and preserves everything else", () => {
    const env = sessionEnvironment('/session', { PYTHONPATH: '/mine', HOME: '/home' }, { payload: 512 });
    const [ours, mine] = (env['PYTHONPATH'] ?? '').split(delimiter);
    expect(readFileSync(join(ours ?? '', 'sitecustomize.py'), 'utf8')).toContain('forkscope');
    expect(mine).toBe('/mine');
    expect(env).toMatchObject({ HOME: '/home', FORKSCOPE_SESSION: '/session', FORKSCOPE_OPTIONS: 'payload=512' });
    expect(sessionEnvironment('/session', {})['PYTHONPATH']).toBe(ours);
    expect(sessionEnvironment('/session', {})['FORKSCOPE_OPTIONS']).toBeUndefined();
  });

  test.runIf(process.platform === 'linux')('has a cache folder only where no other user can write to it', () => {
    const cache = sessionEnvironment('/session', {})['FORKSCOPE_CACHE'] ?? '';
    expect(cache.startsWith(place.path('cache'))).toBe(true);
    expect(statSync(cache).mode & 0o077).toBe(0);
    chmodSync(cache, 0o777);
    expect(sessionEnvironment('/session', {})['FORKSCOPE_CACHE']).toBeUndefined();
  });
});
