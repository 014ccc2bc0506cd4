// The line debugger, from PyPI into an ignored folder of the project.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, TOOLS } from './tools.mjs';

/** The folder of debugpy for an interpreter; installed if missing. */
export function debugpyFor(python) {
  const asked = spawnSync(python, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], { encoding: 'utf8' });
  const home = join(TOOLS, `debugpy-${asked.stdout.trim()}`);
  const folder = join(home, 'debugpy');
  const complete = join(folder, 'server', 'api.py');
  if (!existsSync(complete)) {
    const args = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', home, 'debugpy'];
    spawnSync(python, args, { stdio: 'inherit', timeout: 120_000 });
  }
  if (!existsSync(complete)) throw new Failure(`debugpy could not be installed for ${python}.`);
  return folder;
}
