import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claimSession, FILE_CLAIM, isClaimed } from '../../../../server/engine/session/claim';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'forkscope-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The pid of a process that is gone. */
const dead = () => spawnSync(process.execPath, ['-e', '']).pid;

test('a session is claimed while its last viewer is alive', () => {
  claimSession(folder, dead());
  expect(isClaimed(folder)).toBe(false);
  claimSession(folder, process.pid);
  expect(isClaimed(folder)).toBe(true);
  expect(readdirSync(folder)).toEqual([FILE_CLAIM]);
});

test('unknown facts end no session', () => {
  expect(isClaimed(folder)).toBe(true);
  expect(isClaimed(join(folder, 'gone'))).toBe(true);
  claimSession(folder, 1);
  expect(isClaimed(folder)).toBe(true);
  for (const text of ['', 'null', '{"pid":"7"}', '{"pid":-1}', '{"pid":1e300}']) {
    writeFileSync(join(folder, FILE_CLAIM), text);
    expect(isClaimed(folder)).toBe(true);
  }
});

test('a missing folder is not an error', () => {
  expect(() => claimSession(join(folder, 'gone'), 1)).not.toThrow();
});
