/** The data that a pickle's opcodes describe. Nothing here is ever imported, called or evaluated. */

/** A complete scalar with its Python text. */
interface AtomValue {
  readonly kind: 'atom';
  readonly type: string;
  readonly text: string;
}
export interface TextValue {
  readonly kind: 'text';
  readonly value: string;
  /** Its end was not recorded. */
  readonly open: boolean;
}
export interface BytesValue {
  readonly kind: 'bytes';
  readonly type: 'bytes' | 'bytearray';
  readonly bytes: Uint8Array;
  readonly open: boolean;
}
export type SequenceType = 'list' | 'tuple' | 'set' | 'frozenset';
interface SequenceValue {
  readonly kind: 'sequence';
  readonly type: SequenceType;
  readonly items: Value[];
  open: boolean;
}
interface MappingValue {
  readonly kind: 'mapping';
  /** Alternating keys and values. A trailing key without a value means that the mapping is open. */
  readonly entries: Value[];
  open: boolean;
}
/** A class or function, by name. */
export interface GlobalValue {
  readonly kind: 'global';
  readonly module: string;
  readonly name: string;
}
/** The result of calling `callee`, and what was stored into it afterwards. */
export interface ObjectValue {
  readonly kind: 'object';
  readonly callee: Value;
  readonly args: Value | null;
  readonly kwargs: Value | null;
  state: Value | null;
  readonly items: Value[];
  readonly entries: Value[];
  open: boolean;
}
/** A reference to external data: a persistent id, an extension code, an out-of-band buffer. */
interface ReferenceValue {
  readonly kind: 'reference';
  readonly type: string;
  readonly of: Value;
}
/** Not recorded. */
interface RestValue {
  readonly kind: 'rest';
}

export type Value =
  | AtomValue
  | TextValue
  | BytesValue
  | SequenceValue
  | MappingValue
  | GlobalValue
  | ObjectValue
  | ReferenceValue
  | RestValue;

export const REST: RestValue = { kind: 'rest' };
export const NONE: AtomValue = { kind: 'atom', type: 'NoneType', text: 'None' };
export const TRUE: AtomValue = { kind: 'atom', type: 'bool', text: 'True' };
export const FALSE: AtomValue = { kind: 'atom', type: 'bool', text: 'False' };

export function atom(type: string, text: string): AtomValue {
  return { kind: 'atom', type, text };
}
export function text(value: string, open = false): TextValue {
  return { kind: 'text', value, open };
}
export function sequence(type: SequenceType, items: Value[], open = false): SequenceValue {
  return { kind: 'sequence', type, items, open };
}
export function mapping(entries: Value[], open = false): MappingValue {
  return { kind: 'mapping', entries, open };
}
export function object(callee: Value, args: Value | null, kwargs: Value | null = null): ObjectValue {
  return { kind: 'object', callee, args, kwargs, state: null, items: [], entries: [], open: false };
}
