/** The message that a thread is paused at: as a short text, and as a tree. */
import { payloadText, payloadTree } from '../../core/pickle/payload';
import type { PayloadNode } from '../../protocol/views';
import type { PauseInfo } from './pausedThread';

type Message = PauseInfo['message'];

/** Null: there is none. */
export function messageText(message: Message): string | null {
  if (message === null) return null;
  const payload = payloadOf(message);
  return payload === null ? (message.text ?? message.problem ?? '') : payloadText(payload);
}

/** What the message is made of as its process made it; null: its bytes are not known. */
export function messageTree(message: Message): PayloadNode | null {
  const payload = payloadOf(message);
  return payload === null ? null : payloadTree(payload);
}

function payloadOf(message: Message) {
  if (message?.data === undefined || message.size === undefined) return null;
  const bytes = Buffer.from(message.data, 'base64');
  return { bytes, size: message.size, encoding: message.raw === true ? ('raw' as const) : ('pickle' as const) };
}
