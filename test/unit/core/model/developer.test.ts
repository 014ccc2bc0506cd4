/** Changes that the user makes to messages are found at those messages, whatever path they take. */

import { expect, test } from 'vitest';
import { applyImage } from '../../../../server/core/model/apply/image';
import { applyRecord } from '../../../../server/core/model/apply/record';
import { Deltas } from '../../../../server/core/model/project/deltas';
import { SessionModel } from '../../../../server/core/model/state/sessionModel';
import type { SessionReader } from '../../../../server/engine/journal/sessionReader';
import { MessagePages } from '../../../../server/engine/session/messagePages';
import * as v from '../../../../server/protocol/vocabulary';
import { emit } from '../../fakes/model';
import { META } from '../../fakes/session';

const QUEUE = 1;
const READER = 2;
const WRITER = 3;

/** A sender and a receiver of one queue. */
function talk() {
  const model = new SessionModel(META);
  const sender = applyImage(model, 10, 1, 0, 1000);
  const receiver = applyImage(model, 11, 2, 1, 1000);
  const ends = [
    { id: READER, mode: 'r', key: '1:1' },
    { id: WRITER, mode: 'w', key: '1:1' },
  ];
  applyRecord(model, sender, { type: 'loc', t: 1000, id: 1, file: '/x.py', line: 7, func: 'main' });
  applyRecord(model, sender, {
    type: 'channel',
    t: 1000,
    id: QUEUE,
    kind: 'Queue',
    name: 'tasks',
    loc: 1,
    owner: 'user',
    ends,
  });
  let seq = 0;
  const event = (image: typeof sender, kind: number, at: number, obj: number, flags = 0, thread = 5) => {
    emit(model, image, { kind, flags, t0: at, t1: at + 1, thread, obj, loc: 1, size: 10, seq });
    return seq++;
  };
  const did = (image: typeof sender, action: string, at: number, more: object = {}) =>
    applyRecord(model, image, {
      type: 'developer',
      t: at,
      action,
      op: 'put',
      phase: 'before',
      id: QUEUE,
      keys: ['1:1'],
      thread: 5,
      seq: null,
      loc: 1,
      seconds: 0,
      ...more,
    });
  const pages = new MessagePages(model, { payload: () => null } as unknown as SessionReader);
  const marks = () =>
    Array.from({ length: model.messages.count }, (_, id) => pages.row(id)?.developer?.join('+') ?? '');
  return { model, sender, receiver, event, did, marks };
}

test('a change before a put is attached to the message that the feeder sends, whichever of the two is recorded first', () => {
  const { sender, event, did, marks } = talk();
  event(sender, v.KIND_PUT, 2000, QUEUE);
  event(sender, v.KIND_SEND, 2100, WRITER, v.SLOT_FLAG_FEEDER, 6);
  did(sender, 'replace', 3000);
  did(sender, 'delay', 3001);
  event(sender, v.KIND_PUT, 3100, QUEUE);
  event(sender, v.KIND_SEND, 3200, WRITER, v.SLOT_FLAG_FEEDER, 6);
  did(sender, 'replace', 4000);
  event(sender, v.KIND_SEND, 4050, WRITER, v.SLOT_FLAG_FEEDER, 6);
  event(sender, v.KIND_PUT, 4040, QUEUE);
  expect(marks()).toEqual(['', 'replace+delay', 'replace']);
});

test('a duplication marks two messages, and a drop marks no later one', () => {
  const { model, sender, event, did, marks } = talk();
  did(sender, 'duplicate', 2000);
  for (const at of [2100, 2200, 2300]) event(sender, v.KIND_SEND, at, WRITER);
  did(sender, 'drop', 3000);
  event(sender, v.KIND_SEND, 3100, WRITER);
  expect(marks()).toEqual(['duplicate', 'duplicate', '', '']);
  const deltas = new Deltas(model);
  expect(deltas.take(1)?.developer?.map((each) => [each.action, each.channelId !== null, each.line?.line])).toEqual([
    ['duplicate', true, 7],
    ['drop', true, 7],
  ]);
  expect(deltas.take(2)?.developer).toBeUndefined();
});

test('a message of another thread is not marked', () => {
  const { sender, event, did, marks } = talk();
  did(sender, 'replace', 2000);
  event(sender, v.KIND_SEND, 2100, WRITER, 0, 9);
  event(sender, v.KIND_SEND, 2200, WRITER, 0, 5);
  expect(marks()).toEqual(['', 'replace']);
});

test('a change after a message arrived is attached to that message, whether read before its receive or after it', () => {
  const { sender, receiver, event, did, marks } = talk();
  for (const at of [2000, 2010]) event(sender, v.KIND_SEND, at, WRITER);
  const first = event(receiver, v.KIND_RECV, 2100, READER);
  did(receiver, 'drop', 2200, { phase: 'after', op: 'get', seq: first });
  did(receiver, 'replace', 2300, { phase: 'after', op: 'get', seq: first + 1 });
  event(receiver, v.KIND_RECV, 2250, READER);
  expect(marks()).toEqual(['drop', 'replace']);
});
