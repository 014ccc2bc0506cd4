// npm run bench: builds, bundles test/bench and runs it.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleTests } from './lib/bundle.mjs';
import { ensureDependencies, fail, ROOT, runChecked, underRightNode } from './lib/tools.mjs';

async function main() {
  await underRightNode(fileURLToPath(import.meta.url));
  ensureDependencies();
  runChecked('The build', process.execPath, ['esbuild.mjs', '--production']);
  const { outdir } = await bundleTests('test/bench', /^main\.ts$/);
  const child = spawn(process.execPath, [join(outdir, 'main.js'), ...process.argv.slice(2)], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  child.on('exit', (status) => process.exit(status ?? 1));
}

main().catch(fail);
