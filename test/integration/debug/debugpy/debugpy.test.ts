/**
 * Where the line debugger is found: in the editor's Python Debugger extension, in the interpreter, or nowhere. Uses
 * folders with their layout.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findDebugpy, installCommand } from '../../../../server/debug/debugpy/debugpy';

const PYTHON = process.platform === 'win32' ? 'python' : 'python3';
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'forkscope-debugpy-test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A debugpy in the layout of `pip install --target`, which the extension's build uses too. */
function install(home: string, requires?: string): string {
  const where = join(folder, home);
  mkdirSync(join(where, 'debugpy', 'server'), { recursive: true });
  writeFileSync(join(where, 'debugpy', '__init__.py'), '');
  writeFileSync(join(where, 'debugpy', 'server', 'api.py'), '');
  if (requires !== undefined) {
    mkdirSync(join(where, 'debugpy-1.8.19.dist-info'), { recursive: true });
    const metadata = `Metadata-Version: 2.1\nName: debugpy\nRequires-Python: ${requires}\n\ntext\n`;
    writeFileSync(join(where, 'debugpy-1.8.19.dist-info', 'METADATA'), metadata);
  }
  return join(where, 'debugpy');
}
/** An environment in which the interpreter imports debugpy from there only. */
const importing = (...homes: string[]): NodeJS.ProcessEnv => ({
  ...process.env,
  PYTHONNOUSERSITE: '1',
  PYTHONPATH: homes.map((each) => join(folder, each)).join(delimiter),
});

describe('debugpy', () => {
  test('of the extension comes first', async () => {
    const bundled = install('ms-python.debugpy-2026.1.0-linux-x64/bundled/libs', '>=3.8');
    install('site-first');
    expect(await findDebugpy(bundled, PYTHON, importing('site-first'))).toBe(bundled);
  });

  test('of the extension is used without asking the interpreter if it declares no requirements', async () => {
    const bundled = install('older-extension/bundled/libs');
    expect(await findDebugpy(bundled, join(folder, 'no-python'))).toBe(bundled);
  });

  test('of the interpreter, if the editor has none, or an extension without its libraries', async () => {
    const own = install('site-packages');
    mkdirSync(join(folder, 'ms-python.debugpy-empty/bundled/libs/debugpy'), { recursive: true });
    const empty = join(folder, 'ms-python.debugpy-empty/bundled/libs/debugpy');
    expect(await findDebugpy(null, PYTHON, importing('site-packages'))).toBe(own);
    expect(await findDebugpy(empty, PYTHON, importing('site-packages'))).toBe(own);
  });

  test("of the interpreter, if the extension's needs a later Python", async () => {
    const bundled = install('too-new/bundled/libs', '>=9.1');
    const own = install('fits');
    expect(await findDebugpy(bundled, PYTHON, importing('fits'))).toBe(own);
  });

  test('is missing if the interpreter has none, a broken one or does not run', async () => {
    mkdirSync(join(folder, 'broken/debugpy'), { recursive: true });
    writeFileSync(join(folder, 'broken/debugpy/__init__.py'), '');
    expect(await findDebugpy(null, PYTHON, importing('broken'))).toBeNull();
    expect(await findDebugpy(null, join(folder, 'no-python'))).toBeNull();
    expect(await findDebugpy(join(folder, 'nothing'), join(folder, 'no-python'))).toBeNull();
  });

  test('is installed by a command that a shell accepts', () => {
    expect(installCommand('/usr/bin/python3')).toBe('/usr/bin/python3 -m pip install --upgrade debugpy');
    expect(installCommand('/my pythons/python')).toBe('"/my pythons/python" -m pip install --upgrade debugpy');
  });
});
