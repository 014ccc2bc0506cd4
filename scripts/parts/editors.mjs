// Tests in VS Code: in its extension host, and from outside as a person drives it.
import { basename, join } from 'node:path';
import { twice } from '../lib/again.mjs';
import { bundleTests } from '../lib/bundle.mjs';
import { bin, node, run, totals } from '../lib/results.mjs';
import { ensureNode, ROOT, say } from '../lib/tools.mjs';

/** Adds what mocha said. */
function counted(name, { output, status }) {
  const passed = Number(/(\d+) passing/.exec(output)?.[1] ?? 0);
  const failed = Number(/(\d+) failing/.exec(output)?.[1] ?? 0);
  totals.passed += passed;
  totals.failed += status !== 0 ? Math.max(1, failed) : passed === 0 ? 1 : 0;
  say(`${name}: ${passed} passed, ${failed} failed`);
}

/** Runs mocha's tests, twice when they fail, and adds what came of them. */
async function counting(name, args, env = {}) {
  const attempt = () => run(node, args, { env });
  counted(name, await twice(name, attempt, (result) => result.status === 0));
}

/** Tests inside VS Code's extension host, started by @vscode/test-electron. @param {string[]} extra a packaged extension */
export async function editor(extension = ROOT, name = 'editor', extra = []) {
  const { outdir } = await bundleTests('test/editor', /\.ts$/);
  await counting(name, ['scripts/editor-tests.mjs', extension, join(outdir, 'index.js'), ...extra]);
}

/** Tests that drive the whole of VS Code through a browser, as a user would. */
export async function e2e() {
  const { files } = await bundleTests('test/e2e', /\.e2e\.ts$/);
  const mocha = [bin('mocha', 'bin', 'mocha.js'), '--timeout', '240000', '--reporter', 'spec'];
  // One runner per file: what one of them leaves behind does not disturb the next, and it can be retried alone.
  for (const file of files) {
    const name = `e2e ${basename(file).replace(/\..*$/, '')}`;
    await counting(name, [...mocha, file], { FORKSCOPE_NODE: ensureNode() });
  }
}
