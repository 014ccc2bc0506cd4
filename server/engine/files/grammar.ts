import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The parser's WebAssembly and the Python grammar, where the build puts them. @throws when one is missing */
export function readGrammar(folder: string): { readonly runtime: Uint8Array; readonly python: Uint8Array } {
  return {
    runtime: readFileSync(join(folder, 'web-tree-sitter.wasm')),
    python: readFileSync(join(folder, 'tree-sitter-python.wasm')),
  };
}
