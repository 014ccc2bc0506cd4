import type { PayloadNode } from '../protocol/views';
import { decodePickle } from './machine';
import { bytesText, text, tree } from './show';
import { opaque } from './values';

export interface Shown {
  readonly text: string;
  readonly tree: PayloadNode;
  readonly encoding: 'pickle' | 'raw';
}

/**
 * What a payload shows: a pickle's content as data, other bytes as bytes. Never throws, executes nothing.
 * @param bytes the recorded head; @param size the whole payload's length; @param raw it was sent with send_bytes
 */
export function showPayload(bytes: Uint8Array, size: number, raw: boolean): Shown {
  if (!raw) {
    const { value, truncated, error } = decodePickle(bytes);
    if (value !== null && error === null && (!truncated || bytes.length < size))
      return { text: text(value), tree: tree(value), encoding: 'pickle' };
    if (truncated && bytes.length < size) {
      const unknown = opaque('…');
      return { text: '…', tree: tree(unknown), encoding: 'pickle' };
    }
  }
  const literal = bytesText(bytes, size);
  const short = literal.length > 200 ? `${literal.slice(0, 199)}…` : literal;
  return { text: short, tree: { type: 'bytes', name: '', text: short }, encoding: 'raw' };
}
