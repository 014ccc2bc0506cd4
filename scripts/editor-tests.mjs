// Runs a suite inside VS Code: editor-tests.mjs EXTENSION_FOLDER SUITE, or editor-tests.mjs vsix SUITE FILE.vsix for a packaged one.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { ensureNode, fail, ROOT } from './lib/tools.mjs';
import { installVsix } from './lib/vscode.mjs';

const [what, suite, vsix] = process.argv.slice(2);
const work = mkdtempSync(join(tmpdir(), 'forkscope-editor-'));
try {
  const node = ensureNode();
  const launcher = join(work, 'code');
  writeFileSync(launcher, `#!/bin/sh\nexec "${node}" "${join(ROOT, 'scripts', 'code.mjs')}" "$@"\n`);
  chmodSync(launcher, 0o755);
  const extensions = join(work, 'extensions');
  const workspace = join(work, 'workspace');
  const { cpSync } = await import('node:fs');
  cpSync(join(ROOT, 'media', 'samples'), workspace, { recursive: true });
  // A packaged extension is installed; VS Code also requires a development extension to run tests for: an empty one.
  const empty = join(work, 'empty');
  if (what === 'vsix') {
    installVsix(node, vsix, extensions, join(work, 'installer'));
    const { mkdirSync } = await import('node:fs');
    mkdirSync(empty);
    writeFileSync(
      join(empty, 'package.json'),
      JSON.stringify({ name: 'empty', publisher: 'test', version: '0.0.1', engines: { vscode: '*' } }),
    );
  }
  const desktop = process.env.FORKSCOPE_TEST_DESKTOP; // the executable of a desktop VS Code, if there is one
  await runTests({
    vscodeExecutablePath: desktop ?? launcher,
    extensionDevelopmentPath: what === 'vsix' ? empty : what,
    extensionTestsPath: suite,
    launchArgs: [workspace, `--extensions-dir=${extensions}`],
  });
} catch (error) {
  rmSync(work, { recursive: true, force: true });
  fail(error);
}
rmSync(work, { recursive: true, force: true });
