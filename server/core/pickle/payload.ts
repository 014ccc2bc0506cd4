/** The display of a message's payload. Its bytes are read as data: nothing in them is imported, called or evaluated. */
import type { PayloadNode } from '../../protocol/views';
import { decodePickle } from './machine';
import { valueText } from './text';
import { valueTree } from './tree';
import { atom, REST, type Value } from './values';

export interface Payload {
  /** The recorded head. */
  readonly bytes: Uint8Array;
  /** Full size in bytes, at least `bytes.length`. */
  readonly size: number;
  readonly encoding: 'pickle' | 'raw' | 'gone';
}

const TEXT = 200;

/** The payload as data. */
export function valueFrom({ bytes, size, encoding }: Payload): Value {
  if (encoding === 'gone') return REST;
  const raw: Value = { kind: 'bytes', type: 'bytes', bytes, open: size > bytes.length };
  if (encoding === 'raw') return raw;
  if (bytes.length === 0) return size === 0 ? atom('bytes', "b''") : REST;
  const { value, end, steps } = decodePickle(bytes);
  return end === 'invalid' && (steps < 2 || value.kind === 'rest') ? raw : value;
}

/** Short Python-literal-like text, at most 201 characters; "…" for what was not recorded. */
export function payloadText(payload: Payload): string {
  return valueText(valueFrom(payload), TEXT);
}

export function payloadTree(payload: Payload): PayloadNode {
  return valueTree(valueFrom(payload));
}
