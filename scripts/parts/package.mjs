// The extension as it ships: packaged, small, without superfluous files; installed and activated.
import { spawnSync } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { OUT } from '../lib/bundle.mjs';
import { bin, node, step, totals } from '../lib/results.mjs';
import { ROOT, runChecked, say } from '../lib/tools.mjs';
import { packageJson } from '../lib/vscode.mjs';
import { editor } from './editors.mjs';

const VSIX = join(OUT, 'forkscope.vsix');
const VSCE = bin('@vscode', 'vsce', 'vsce');
const MAX_VSIX = 2 * 2 ** 20;
const ALLOWED =
  /^(package(\.nls.*)?\.json|README\.md|readme\.md|CHANGELOG\.md|changelog\.md|LICENSE(\.txt)?|dist\/.*|l10n\/.*\.json|docs\/images\/.*\.png|docs\/findings\/[\w-]+\.md|media\/(icons|samples|walkthrough)\/.*)$/;

export async function packaged() {
  rmSync(VSIX, { force: true });
  // As `npm run package` says it, which builds too.
  const [, ...args] = packageJson().scripts.package.split(' ');
  if (!(await step('vsce package', node, [VSCE, ...args, '--out', VSIX]))) return;
  isSmall();
  holdsWhatBelongs();
  await editor('vsix', 'packaged', [VSIX]);
  runChecked('The build', node, ['esbuild.mjs']);
}

function isSmall() {
  const { size } = statSync(VSIX);
  say(`forkscope.vsix: ${(size / 1024).toFixed(0)} KiB of at most ${MAX_VSIX / 1024}`);
  totals[size < MAX_VSIX ? 'passed' : 'failed']++;
}

function holdsWhatBelongs() {
  const { stdout } = spawnSync(node, [VSCE, 'ls', '--no-dependencies'], { cwd: ROOT, encoding: 'utf8' });
  const listed = stdout.trim().split('\n');
  const strange = listed.filter((each) => !ALLOWED.test(each) || /\.map$|__pycache__/.test(each));
  totals[strange.length === 0 ? 'passed' : 'failed']++;
  if (strange.length > 0) say(`FAILED: these files do not belong into the package: ${strange.join(', ')}`);
}
