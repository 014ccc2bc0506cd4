// npm run test:false-alarms: programs without faults, and CPython's own suites, under Forkscope. See
// test/compat/findings/main.ts.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleTests } from './lib/bundle.mjs';
import { pythons, pythonsWithTests } from './lib/pythons.mjs';
import { ensureDependencies, fail, ROOT, runChecked, say, TOOLS, underRightNode } from './lib/tools.mjs';

/**
 * A virtual environment with the programs. Each is installed separately: an unavailable one affects its own test only.
 */
function environment(python, programs) {
  const home = join(TOOLS, `programs-${python.version}`);
  const inside = join(home, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  if (!existsSync(inside) && spawnSync(python.path, ['-m', 'venv', home], { stdio: 'inherit' }).status !== 0)
    return python.path;
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  for (const { title, packages, needs } of programs) {
    if (needs === null || spawnSync(inside, ['-c', `import ${needs}`]).status === 0) continue;
    say(`Installing ${packages.join(', ')} for ${title} …`);
    spawnSync(inside, [...pip, ...packages], { stdio: 'inherit' });
  }
  return inside;
}

async function main() {
  await underRightNode(fileURLToPath(import.meta.url));
  ensureDependencies();
  runChecked('The build', process.execPath, ['esbuild.mjs']);
  const { outdir } = await bundleTests('test/compat/findings', /^(main|programs)\.ts$/);
  const args = process.argv.slice(2);
  const newest = pythons().at(-1);
  const env = { ...process.env, FORKSCOPE_COMPAT_PYTHONS: JSON.stringify(pythonsWithTests()) };
  if (newest !== undefined && !args.includes('cpython')) {
    const { PROGRAMS } = await import(join(outdir, 'programs.js'));
    env.FORKSCOPE_COMPAT_PYTHON = environment(newest, PROGRAMS);
  }
  const child = spawn(process.execPath, [join(outdir, 'main.js'), ...args], { cwd: ROOT, stdio: 'inherit', env });
  child.on('exit', (status) => process.exit(status ?? 1));
}

main().catch(fail);
