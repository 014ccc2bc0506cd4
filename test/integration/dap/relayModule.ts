/** The relay built as it ships: one file that plain Node runs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll } from 'vitest';

let folder: string | null = null;

/** Path of the built relay; built once per test file. */
export function relayModule(): string {
  if (folder === null) {
    folder = mkdtempSync(path.join(tmpdir(), 'forkscope-relay-'));
    buildSync({
      entryPoints: [path.join(import.meta.dirname, 'relayMain.ts')],
      outfile: path.join(folder, 'relay.cjs'),
      bundle: true,
      platform: 'node',
      logLevel: 'error',
    });
  }
  return path.join(folder, 'relay.cjs');
}

afterAll(() => {
  if (folder !== null) {
    rmSync(folder, { recursive: true, force: true });
  }
});
