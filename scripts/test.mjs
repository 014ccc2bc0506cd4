// npm test: sets up and runs everything. `npm test -- PART…` runs parts: lint unit integration runtime cpython compat answers faults random fuzz dap editor e2e package.
// `--all` runs every test of the runtime on every Python.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { secondTries } from './lib/again.mjs';
import { OUT } from './lib/bundle.mjs';
import { skipped, totals } from './lib/results.mjs';
import { ensureDependencies, fail, runChecked, say, underRightNode } from './lib/tools.mjs';
import { e2e, editor } from './parts/editors.mjs';
import { lint } from './parts/lint.mjs';
import { packaged } from './parts/package.mjs';
import { compat, cpython, fuzz, random } from './parts/programs.mjs';
import { runtime } from './parts/runtime.mjs';
import { answers, dap, faults, integration, unit } from './parts/vitest.mjs';

const PARTS = {
  lint,
  unit,
  integration,
  runtime: () => runtime(process.argv.includes('--all')),
  cpython,
  compat,
  answers,
  faults,
  random,
  fuzz,
  dap,
  editor: () => editor(),
  e2e,
  package: packaged,
};

async function main() {
  await underRightNode(fileURLToPath(import.meta.url));
  const wanted = process.argv.slice(2).filter((each) => !each.startsWith('-'));
  for (const each of wanted)
    if (!(each in PARTS)) throw new Error(`There is no part ${each}; there are: ${Object.keys(PARTS).join(', ')}.`);
  ensureDependencies();
  mkdirSync(OUT, { recursive: true });
  runChecked('The build', process.execPath, ['esbuild.mjs']);
  const seconds = [];
  for (const [name, part] of Object.entries(PARTS)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    say(`\n── ${name}`);
    const begun = Date.now();
    await part();
    seconds.push(`${name} ${Math.round((Date.now() - begun) / 1000)} s`);
  }
  say(`\nTook: ${seconds.join(', ')}`);
  if (secondTries.length > 0) say(`Passed on the second try (${secondTries.length}): ${secondTries.join('; ')}`);
  say(`Skipped (${skipped.length}): ${skipped.join('; ') || 'nothing'}`);
  say(`${totals.passed} passed, ${totals.failed} failed, ${skipped.length} skipped`);
  process.exit(totals.failed > 0 ? 1 : 0);
}

main().catch(fail);
