// Builds the accelerator for one interpreter.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, ROOT } from './tools.mjs';

/** Builds it from scratch into out/NAME. @returns {string} the folder, as FORKSCOPE_NATIVE takes it */
export function buildAccelerator(python, name = 'accelerator') {
  const folder = join(ROOT, 'out', name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const build = join(ROOT, 'server/runtime/native/build.py');
  const done = spawnSync(python, ['-I', '-B', build, folder, join(folder, 'stamp')], { encoding: 'utf8' });
  if (done.status === 0) return folder;
  throw new Failure(`The accelerator could not be built for ${python}: ${done.stderr.trim().split('\n').at(-1)}`);
}
