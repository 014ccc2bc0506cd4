import { join } from 'node:path';
import { loadParser } from '../../../../server/core/source/grammar';

const modules = join(import.meta.dirname, '../../../../node_modules');

export const parser = () =>
  loadParser({
    runtime: join(modules, 'web-tree-sitter/web-tree-sitter.wasm'),
    python: join(modules, 'tree-sitter-python/tree-sitter-python.wasm'),
  });
