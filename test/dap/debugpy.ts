/** The line debugger for tests: from PyPI into an ignored folder of the project; null if PyPI cannot be reached. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const found = new Map<string, string | null>();

export function debugpyFor(python: string): string | null {
  const known = found.get(python);
  if (known !== undefined) return known;
  const asked = spawnSync(python, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], { encoding: 'utf8' });
  const home = join(resolve(process.env['FORKSCOPE_ROOT'] ?? '.'), '.tools', `debugpy-${asked.stdout.trim()}`);
  const folder = join(home, 'debugpy');
  if (!existsSync(join(folder, 'server', 'api.py'))) {
    const args = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', home, 'debugpy'];
    spawnSync(python, args, { encoding: 'utf8', timeout: 120_000 });
  }
  const result = existsSync(join(folder, 'server', 'api.py')) ? folder : null;
  if (result === null) process.stderr.write(`debugpy could not be installed for ${python}: its tests are skipped.\n`);
  found.set(python, result);
  return result;
}
