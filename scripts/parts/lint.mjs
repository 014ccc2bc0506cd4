// What needs no program to run: style, types, and that generated text is what its source generates.
import { bin, node, step } from '../lib/results.mjs';

export async function lint() {
  await step('the generated vocabulary', node, ['scripts/generate.mjs', '--check']);
  await step('biome', node, [bin('@biomejs', 'biome', 'bin', 'biome'), 'check', '.']);
  const tsc = bin('typescript', 'bin', 'tsc');
  await step('types', node, [tsc, '-p', '.']);
  await step('types of the tests', node, [tsc, '-p', 'test']);
  await step('types of the panel', node, [tsc, '-p', 'media/panel']);
}
