/** Feeds a session model as the journals do. */
import { applyEvent } from '../../../server/core/model/apply/event';
import type { Image } from '../../../server/core/model/entities/process';
import type { EventCursor } from '../../../server/core/model/input/event';
import type { SessionModel } from '../../../server/core/model/state/sessionModel';

type Fields = Partial<Omit<EventCursor, 'kind' | 'text'>> & { readonly kind: number; readonly text?: string };

/** One event. What is left out is 0, and the outcome OK. */
export function emit(model: SessionModel, image: Image, { text = '', ...fields }: Fields): void {
  const none = { outcome: 0, flags: 0, t0: 0, t1: 0, thread: 0, obj: 0, loc: 0, size: 0, a: 0, b: 0, seq: 0 };
  applyEvent(model, image, { ...none, ...fields, text: () => text });
}
