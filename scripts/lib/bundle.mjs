// Bundles test code for Node.
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './tools.mjs';

export const OUT = join(ROOT, 'out');

/** Bundles test files for Node, side by side in out/. */
export async function bundleTests(folder, pattern) {
  const { build } = await import('esbuild');
  const files = readdirSync(join(ROOT, folder))
    .filter((each) => pattern.test(each))
    .sort();
  const outdir = join(OUT, folder);
  rmSync(outdir, { recursive: true, force: true });
  await build({
    absWorkingDir: ROOT,
    entryPoints: files.map((each) => join(folder, each)),
    outdir,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    external: ['vscode', 'mocha', 'playwright-core'],
    // As in the build: its other module locates itself, which a CommonJS bundle does not support.
    alias: { 'web-tree-sitter': join(ROOT, 'node_modules/web-tree-sitter/web-tree-sitter.cjs') },
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  writeFileSync(join(outdir, 'package.json'), '{"type":"commonjs"}');
  return { outdir, files: files.map((each) => join(outdir, each.replace(/\.ts$/, '.js'))) };
}
