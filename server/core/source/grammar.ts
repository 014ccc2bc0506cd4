/** Loads the parser once: its WebAssembly and the Python grammar, which are next to the bundles. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Language, Parser } from 'web-tree-sitter';

export interface GrammarFiles {
  readonly runtime: string;
  readonly python: string;
}

/** Where the build puts them. */
export function grammarBeside(folder: string): GrammarFiles {
  return { runtime: join(folder, 'web-tree-sitter.wasm'), python: join(folder, 'tree-sitter-python.wasm') };
}

let initialised: Promise<void> | null = null;

/** @throws if a file is missing or invalid */
export async function loadParser(files: GrammarFiles): Promise<Parser> {
  // Bytes rather than a path: the library would look next to its own source.
  initialised ??= Parser.init({ wasmBinary: readFileSync(files.runtime) });
  await initialised;
  const parser = new Parser();
  parser.setLanguage(await Language.load(readFileSync(files.python)));
  return parser;
}
