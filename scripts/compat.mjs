// npm run test:compat: the programs of test/compat/libraries with and without Forkscope. Their libraries come from
// PyPI, into .tools.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleTests } from './lib/bundle.mjs';
import { pythons } from './lib/pythons.mjs';
import { ensureDependencies, fail, ROOT, runChecked, say, TOOLS, underRightNode } from './lib/tools.mjs';

const REQUIREMENTS = join(ROOT, 'test/compat/libraries/requirements.txt');
/** Libraries of several gigabytes: only with --large. */
const LARGE = join(ROOT, 'test/compat/libraries/requirements-large.txt');

/** A virtual environment with the libraries; unavailable ones are omitted, and their programs skipped. */
function libraries(python, large) {
  const home = join(TOOLS, `libraries-${large ? 'large-' : ''}${python.version}`);
  const inside = join(home, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const stamp = join(home, 'requirements.sha256');
  const files = large ? [REQUIREMENTS, LARGE] : [REQUIREMENTS];
  const wanted = files.map((file) => readFileSync(file, 'utf8')).join('');
  const hash = createHash('sha256').update(wanted).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return inside;
  say(`Installing the libraries for Python ${python.version} …`);
  rmSync(home, { recursive: true, force: true });
  if (spawnSync(python.path, ['-m', 'venv', home], { stdio: 'inherit' }).status !== 0) return python.path;
  const pip = (args) =>
    spawnSync(inside, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...args], { stdio: 'inherit' })
      .status === 0;
  const each = wanted.split('\n').filter((line) => /^\w/.test(line));
  const all = pip(files.flatMap((file) => ['--requirement', file]));
  const got = all ? each : each.filter((one) => pip([one]));
  if (got.length === each.length) writeFileSync(stamp, hash);
  return inside;
}

async function main() {
  await underRightNode(fileURLToPath(import.meta.url));
  ensureDependencies();
  runChecked('The build', process.execPath, ['esbuild.mjs']);
  const { outdir } = await bundleTests('test/compat/libraries', /^main\.ts$/);
  const large = process.argv.includes('--large');
  const args = process.argv.slice(2).filter((each) => each !== '--large');
  const newest = pythons().at(-1);
  if (newest === undefined) {
    say('SKIPPED: there is no Python 3 on this machine');
    return;
  }
  const python = args.includes('--stdlib') ? newest.path : libraries(newest, large);
  const child = spawn(process.execPath, [join(outdir, 'main.js'), ...args], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, FORKSCOPE_COMPAT_PYTHON: python },
  });
  child.on('exit', (status) => process.exit(status ?? 1));
}

main().catch(fail);
