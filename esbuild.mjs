// Builds what ships: three bundles for Node, the panel for the webview, the runtime as source. `--watch`, `--production`.

import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, context } from 'esbuild';
import { commandBanner } from './scripts/lib/banner.mjs';

const root = dirname(fileURLToPath(import.meta.url));
const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');
const { homepage, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

const common = {
  absWorkingDir: root,
  bundle: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  // The watch task waits for the lines that say when a build began and ended.
  logLevel: watch ? 'info' : 'warning',
  legalComments: 'none',
  define: {
    FORKSCOPE_VERSION: JSON.stringify(version),
    FORKSCOPE_HOMEPAGE: JSON.stringify(homepage),
    'process.env.NODE_ENV': JSON.stringify(production ? 'production' : 'development'),
  },
};
// Its module for `import` looks for files by import.meta.url, which a CommonJS bundle does not have.
const treeSitter = join(root, 'node_modules/web-tree-sitter/web-tree-sitter.cjs');
const node = {
  ...common,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  mainFields: ['module', 'main'],
  alias: { 'web-tree-sitter': treeSitter },
};
const targets = [
  { ...node, entryPoints: ['extension/main.ts'], outfile: 'dist/extension.js', external: ['vscode'] },
  { ...node, entryPoints: ['server/main.ts'], outfile: 'dist/server.js' },
  { ...node, entryPoints: ['server/command.ts'], outfile: 'dist/cli.js', banner: { js: commandBanner(root) } },
  {
    ...common,
    entryPoints: ['media/panel/main.tsx'],
    outfile: 'dist/panel.js',
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.ttf': 'file' },
    assetNames: '[name]',
  },
];

rmSync(join(root, 'dist/runtime'), { recursive: true, force: true });
mkdirSync(join(root, 'dist'), { recursive: true });
cpSync(join(root, 'server/runtime'), join(root, 'dist/runtime'), {
  recursive: true,
  filter: (from) => !/__pycache__|\.pyc$|\.md$|\.toml$|\.clang-format$/.test(from),
});
for (const file of ['web-tree-sitter/web-tree-sitter.wasm', 'tree-sitter-python/tree-sitter-python.wasm']) {
  const from = join(root, 'node_modules', file);
  writeFileSync(join(root, 'dist', basename(file)), readFileSync(from));
}

for (const target of targets.filter((each) => existsSync(join(root, each.entryPoints[0])))) {
  if (watch) await (await context(target)).watch();
  else await build(target);
}
if (existsSync(join(root, 'dist/cli.js'))) chmodSync(join(root, 'dist/cli.js'), 0o755);
