// npm run test:faults [-- PATTERN…]: all of test/faults, with its figures. `npm test` runs a short part of it.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureDependencies, fail, ROOT, runChecked, underRightNode } from './lib/tools.mjs';

async function main() {
  await underRightNode(fileURLToPath(import.meta.url));
  ensureDependencies();
  runChecked('The build', process.execPath, ['esbuild.mjs']);
  const wanted = process.argv.slice(2).map((each) => `test/faults/${each}`);
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', '--project', 'faults', ...wanted, '--reporter=default'];
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, FORKSCOPE_FAULTS: 'full', VITEST_MAX_WORKERS: '2' },
    stdio: 'inherit',
  });
  child.on('exit', (status) => process.exit(status ?? 1));
}

main().catch(fail);
