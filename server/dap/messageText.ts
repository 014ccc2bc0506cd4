/** The message of a stop as a short text. */
import { payloadText } from '../core/pickle/payload';
import type { Introduction } from '../debug/pauses/stopped';

/** Null: there is none. */
export function messageText(message: Introduction['message']): string | null {
  if (message === null) return null;
  if (message.data === undefined || message.size === undefined) return message.text ?? message.problem ?? '';
  const bytes = Buffer.from(message.data, 'base64');
  return payloadText({ bytes, size: message.size, encoding: message.raw === true ? 'raw' : 'pickle' });
}
