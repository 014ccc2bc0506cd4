import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FILE_WATCHER, isWatched, writeWatcher } from '../../../../server/engine/session/watcher';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'forkscope-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The pid of a process that is gone. */
const dead = () => spawnSync(process.execPath, ['-e', '']).pid;

test('a session is claimed while its last viewer is alive', () => {
  writeWatcher(folder, dead());
  expect(isWatched(folder)).toBe(false);
  writeWatcher(folder, process.pid);
  expect(isWatched(folder)).toBe(true);
  expect(readdirSync(folder)).toEqual([FILE_WATCHER]);
});

test('unknown facts end no session', () => {
  expect(isWatched(folder)).toBe(true);
  expect(isWatched(join(folder, 'gone'))).toBe(true);
  writeWatcher(folder, 1);
  expect(isWatched(folder)).toBe(true);
  for (const text of ['', 'null', '{"pid":"7"}', '{"pid":-1}', '{"pid":1e300}']) {
    writeFileSync(join(folder, FILE_WATCHER), text);
    expect(isWatched(folder)).toBe(true);
  }
});

test('a missing folder is not an error', () => {
  expect(() => writeWatcher(join(folder, 'gone'), 1)).not.toThrow();
});
