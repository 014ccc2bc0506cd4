/** Makes the parser once: from the bytes of its WebAssembly and of the Python grammar. */
import { Language, Parser } from 'web-tree-sitter';

export interface GrammarBytes {
  readonly runtime: Uint8Array;
  readonly python: Uint8Array;
}

let initialised: Promise<void> | null = null;

/** @throws if the bytes are invalid */
export async function loadParser({ runtime, python }: GrammarBytes): Promise<Parser> {
  // Bytes rather than a place: the library would look beside its own source.
  initialised ??= Parser.init({ wasmBinary: runtime });
  await initialised;
  const parser = new Parser();
  parser.setLanguage(await Language.load(python));
  return parser;
}
