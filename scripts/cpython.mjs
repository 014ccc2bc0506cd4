// npm run test:cpython: CPython's own suites bare and under Forkscope, on all Pythons found. See
// test/compat/cpython/main.ts.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleTests } from './lib/bundle.mjs';
import { pythonsWithTests } from './lib/pythons.mjs';
import { ensureDependencies, fail, ROOT, runChecked, underRightNode } from './lib/tools.mjs';

async function main() {
  await underRightNode(fileURLToPath(import.meta.url));
  ensureDependencies();
  runChecked('The build', process.execPath, ['esbuild.mjs']);
  const { outdir } = await bundleTests('test/compat/cpython', /^main\.ts$/);
  const child = spawn(process.execPath, [join(outdir, 'main.js'), ...process.argv.slice(2)], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, FORKSCOPE_COMPAT_PYTHONS: JSON.stringify(pythonsWithTests()) },
  });
  child.on('exit', (status) => process.exit(status ?? 1));
}

main().catch(fail);
