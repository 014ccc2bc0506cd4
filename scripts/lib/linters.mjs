// The linters for Python and C, from PyPI into an ignored folder of the project.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pythons } from './pythons.mjs';
import { Failure, ROOT, runChecked, TOOLS } from './tools.mjs';

const REQUIREMENTS = join(ROOT, 'scripts/requirements.txt');
const SUFFIX = process.platform === 'win32' ? '.exe' : '';

/**
 * Installs the pinned versions if they are missing.
 * @returns {{ruff: string, clangFormat: string}} the paths of the programs
 */
export function ensureLinters() {
  const version = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12);
  const home = join(TOOLS, `linters-${version}`);
  const found = {
    ruff: join(home, 'bin', `ruff${SUFFIX}`),
    clangFormat: join(home, 'clang_format', 'data', 'bin', `clang-format${SUFFIX}`),
  };
  if (Object.values(found).every((each) => existsSync(each))) return found;
  const python = pythons().at(-1)?.path;
  if (python === undefined) throw new Failure('The linters for Python and C need a Python 3 to install them.');
  rmSync(home, { recursive: true, force: true });
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--only-binary', ':all:'];
  runChecked('Installing ruff and clang-format', python, [...pip, '--target', home, '--requirement', REQUIREMENTS]);
  return found;
}
