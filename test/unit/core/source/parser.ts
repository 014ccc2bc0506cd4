import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadParser } from '../../../../server/core/source/grammar';

const modules = join(import.meta.dirname, '../../../../node_modules');

export const parser = () =>
  loadParser({
    runtime: readFileSync(join(modules, 'web-tree-sitter/web-tree-sitter.wasm')),
    python: readFileSync(join(modules, 'tree-sitter-python/tree-sitter-python.wasm')),
  });
