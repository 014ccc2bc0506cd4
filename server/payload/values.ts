/** What a pickle holds, as data. */
export type Value =
  | { readonly kind: 'none' }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'int'; readonly value: bigint }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'str'; readonly text: string }
  | {
      readonly kind: 'bytes';
      readonly type: 'bytes' | 'bytearray';
      readonly bytes: Uint8Array;
      readonly length: number;
    }
  | { readonly kind: 'list'; readonly items: Value[] }
  | { readonly kind: 'tuple'; readonly items: Value[] }
  | { readonly kind: 'set'; readonly frozen: boolean; readonly items: Value[] }
  | { readonly kind: 'dict'; readonly entries: [Value, Value][] }
  /** A class or function by its name: never looked up. */
  | { readonly kind: 'name'; readonly module: string; readonly name: string }
  /** What calling something would make: never called. */
  | {
      readonly kind: 'object';
      readonly callee: Value;
      readonly args: Value;
      state: Value | null;
      readonly items: Value[];
      readonly entries: [Value, Value][];
    }
  | { readonly kind: 'opaque'; readonly text: string };

export function opaque(text: string): Value {
  return { kind: 'opaque', text };
}
