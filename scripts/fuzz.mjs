// npm run fuzz -- [--runs N] [--seed S] [--only pickles|journals|recordings]: bundles test/fuzz and runs it.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleTests } from './lib/bundle.mjs';
import { ensureDependencies, fail, ROOT, underRightNode } from './lib/tools.mjs';

async function main() {
  await underRightNode(fileURLToPath(import.meta.url));
  ensureDependencies();
  const { outdir } = await bundleTests('test/fuzz', /^main\.ts$/);
  const child = spawn(process.execPath, [join(outdir, 'main.js'), ...process.argv.slice(2)], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  child.on('exit', (status) => process.exit(status ?? 1));
}

main().catch(fail);
