import { describe, expect, test, vi } from 'vitest';
import { Discovery, type Machine, NoPython, type Place } from '../../../extension/python/discovery';

/** A machine with exactly these programs and folders. */
function machine(files: string[], given: Partial<Machine> = {}): Machine {
  const separator = given.platform === 'win32' ? '\\' : '/';
  return {
    platform: 'linux',
    env: { PATH: '/usr/local/bin:/usr/bin' },
    home: '/home/me',
    kind: async (path) =>
      files.includes(path) ? 'file' : files.some((each) => each.startsWith(path + separator)) ? 'folder' : 'nothing',
    list: async (folder) =>
      files.filter((each) => each.startsWith(folder + separator)).map((each) => each.slice(folder.length + 1)),
    output: async () => undefined,
    ...given,
  };
}
const place = (given: Partial<Place> = {}): Place => ({
  folder: '/w',
  setting: '',
  active: async () => undefined,
  ...given,
});
const resolve = (files: string[], given: Partial<Place> = {}, more: Partial<Machine> = {}) =>
  new Discovery(machine(files, more)).resolve(place(given));

describe('the order', () => {
  const everything = ['/s/python', '/ext/python', '/w/.venv/bin/python', '/w/venv/bin/python', '/usr/bin/python3'];
  const active = async () => '/ext/python';
  test('setting, Python extension, .venv, venv, PATH', async () => {
    expect(await resolve(everything, { setting: '/s/python', active })).toEqual({
      path: '/s/python',
      source: 'setting',
    });
    expect(await resolve(everything, { active })).toEqual({ path: '/ext/python', source: 'extension' });
    expect(await resolve(everything)).toEqual({ path: '/w/.venv/bin/python', source: 'workspace' });
    expect(await resolve(everything.slice(3))).toEqual({ path: '/w/venv/bin/python', source: 'workspace' });
    expect(await resolve(everything.slice(4))).toEqual({ path: '/usr/bin/python3', source: 'path' });
  });
  test('python3 anywhere on the PATH before python', async () => {
    expect((await resolve(['/usr/local/bin/python', '/usr/bin/python3'])).path).toBe('/usr/bin/python3');
    expect((await resolve(['/usr/bin/python'])).path).toBe('/usr/bin/python');
  });
  test('a missing interpreter of the Python extension is skipped', async () => {
    expect((await resolve(everything, { active: async () => '/gone/python' })).source).toBe('workspace');
  });
  test('the Python extension is not asked if the setting names an interpreter', async () => {
    const asked = vi.fn(active);
    await resolve(everything, { setting: '/s/python', active: asked });
    expect(asked).not.toHaveBeenCalled();
  });
  test('without a folder the workspace has no effect, and relative PATH entries never have', async () => {
    expect((await resolve(everything, { folder: undefined })).path).toBe('/usr/bin/python3');
    await expect(resolve(['bin/python3', './python3'], {}, { env: { PATH: 'bin:.:' } })).rejects.toThrow(NoPython);
  });
});

describe('the setting', () => {
  test.each([
    ['~/py/bin/python', '/home/me/py/bin/python'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: variables of VS Code.
    ['${workspaceFolder}/env/bin/python', '/w/env/bin/python'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: variables of VS Code.
    ['${env:CONDA}/bin/python', '/conda/bin/python'],
    ['env/bin/python', '/w/env/bin/python'],
    ['  /w/env/bin/python ', '/w/env/bin/python'],
    ['/w/env', '/w/env/bin/python'],
    ['python3.11', '/usr/bin/python3.11'],
  ])('%s', async (setting, expected) => {
    const files = ['/home/me/py/bin/python', '/w/env/bin/python', '/conda/bin/python', '/usr/bin/python3.11'];
    expect((await resolve(files, { setting }, { env: { PATH: '/usr/bin', CONDA: '/conda' } })).path).toBe(expected);
  });
  test('~ is the home only at the beginning of a path', async () => {
    expect(new Discovery(machine([])).expand('~other/python', '/w')).toBe('~other/python');
  });
  test.each([
    ['/nowhere/python', /No Python interpreter at \/nowhere\/python /],
    ['/empty', /No Python interpreter at \/empty /],
    ['python9', /PATH has no such program/],
  ])('a missing %s is rejected, not skipped', async (setting, message) => {
    await expect(resolve(['/usr/bin/python3', '/empty/readme'], { setting })).rejects.toThrow(message);
  });
  test('a variable of a folder that is not open is rejected', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: variables of VS Code.
    const setting = '${workspaceFolder}/x';
    await expect(resolve([], { setting, folder: undefined })).rejects.toThrow(/no folder is open/);
  });
});

test('without any interpreter a sentence says what to do', async () => {
  await expect(resolve([])).rejects.toThrow(/Install Python 3, or/);
});

describe('Windows', () => {
  const windows: Partial<Machine> = {
    platform: 'win32',
    env: { Path: 'C:\\Users\\me\\AppData\\Local\\Microsoft\\WindowsApps;C:\\Windows;C:\\Py' },
    home: 'C:\\Users\\me',
  };
  test('the launcher is asked for its newest 3', async () => {
    const output = vi.fn(async () => 'C:\\Python313\\python.exe');
    const found = await resolve(['C:\\Windows\\py.exe', 'C:\\Py\\python.exe'], {}, { ...windows, output });
    expect(found.path).toBe('C:\\Python313\\python.exe');
    expect(output).toHaveBeenCalledWith('C:\\Windows\\py.exe', ['-3', '-c', expect.stringContaining('sys.executable')]);
  });
  test('a launcher without interpreters is skipped, and so are the Store placeholders', async () => {
    const files = [
      'C:\\Users\\me\\AppData\\Local\\Microsoft\\WindowsApps\\python.exe',
      'C:\\Windows\\py.exe',
      'C:\\Py\\python.exe',
    ];
    expect((await resolve(files, {}, windows)).path).toBe('C:\\Py\\python.exe');
  });
  test('an environment has its interpreter in Scripts', async () => {
    const found = await resolve(['D:\\w\\.venv\\Scripts\\python.exe'], { folder: 'D:\\w' }, windows);
    expect(found.path).toBe('D:\\w\\.venv\\Scripts\\python.exe');
  });
});

test('the list to choose from has each once, from the most to the least likely, newest versions first', async () => {
  const files = ['/w/.venv/bin/python', '/usr/bin/python3', '/usr/bin/python3.9', '/usr/bin/python3.12', '/opt/python'];
  const found = await new Discovery(machine(files)).all(
    place({ setting: '/gone/python', active: async () => '/w/.venv/bin/python' }),
    ['/opt/python', '/usr/bin/python3'],
  );
  expect(found.map((each) => each.path)).toEqual([
    '/w/.venv/bin/python',
    '/opt/python',
    '/usr/bin/python3',
    '/usr/bin/python3.12',
    '/usr/bin/python3.9',
  ]);
});
