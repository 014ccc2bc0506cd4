// What needs no program to run: style, types, and that generated text is what its source generates.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureLinters } from '../lib/linters.mjs';
import { bin, node, step, totals } from '../lib/results.mjs';
import { ROOT, say } from '../lib/tools.mjs';

export async function lint() {
  await step('the generated vocabulary', node, ['scripts/generate.mjs', '--check']);
  await step('biome', node, [bin('@biomejs', 'biome', 'bin', 'biome'), 'check', '.']);
  const tsc = bin('typescript', 'bin', 'tsc');
  await step('types', node, [tsc, '-p', '.']);
  await step('types of the tests', node, [tsc, '-p', 'test']);
  await step('types of the panel', node, [tsc, '-p', 'media/panel']);
  await runtimeStyle();
}

/** The runtime's Python and C. */
async function runtimeStyle() {
  try {
    const { ruff, clangFormat } = ensureLinters();
    await step('ruff', ruff, ['check', '--no-cache', 'server/runtime']);
    const native = 'server/runtime/native';
    const sources = readdirSync(join(ROOT, native)).filter((each) => /\.[ch]$/.test(each));
    await step('clang-format', clangFormat, ['--dry-run', '--Werror', ...sources.map((each) => join(native, each))]);
  } catch (error) {
    totals.failed++;
    say(`FAILED: ${error.message}`);
  }
}
