import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sweepCaches, sweepWorking } from '../../../../server/engine/session/sweep';

const DAY = 24 * 3600 * 1000;
const now = Date.now();
const dead = spawnSync(process.execPath, ['-e', '']).pid;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'forkscope-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A folder with a file of that age. */
function make(name: string, days: number): string {
  const path = join(folder, name);
  mkdirSync(path, { mode: 0o700 });
  writeFileSync(join(path, 'file'), '');
  utimesSync(path, (now - days * DAY) / 1000, (now - days * DAY) / 1000);
  return path;
}

test('work folders of a dead server are removed after a day, and nothing else', () => {
  for (const kind of ['dap', 'index', 'log', 'recording', 'stops']) make(`forkscope-${kind}-${dead}-aB3dE9`, 2);
  const kept = [
    `forkscope-stops-${dead}-young1`,
    `forkscope-stops-${process.pid}-aB3dE9`,
    `forkscope-other-${dead}-aB3dE9`,
    'forkscope-aB3dE9',
    'forkscope-stops-aB3dE9',
  ];
  for (const name of kept) make(name, name.includes('young') ? 0 : 2);
  sweepWorking(folder, now);
  expect(readdirSync(folder).sort()).toEqual([...kept].sort());
});

test.skipIf(process.platform === 'win32')('links and folders that are open to others are left alone', () => {
  const target = make('target', 2);
  symlinkSync(target, join(folder, `forkscope-stops-${dead}-link00`));
  chmodSync(make(`forkscope-stops-${dead}-open00`, 2), 0o755);
  sweepWorking(folder, now + 3 * DAY);
  expect(readdirSync(folder)).toHaveLength(3);
  expect(existsSync(join(target, 'file'))).toBe(true);
});

test('caches of versions that were not used for 30 days are removed', () => {
  make('python-0123456789abcdef', 31);
  make('native-0123456789abcdef', 31);
  make('python-fedcba9876543210', 29);
  make('vscode', 99);
  sweepCaches(folder, now);
  expect(readdirSync(folder).sort()).toEqual(['python-fedcba9876543210', 'vscode']);
});

test('a missing folder is not an error', () => {
  expect(() => sweepWorking(join(folder, 'none'), now)).not.toThrow();
});
