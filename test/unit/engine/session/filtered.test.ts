import { afterAll, expect, test } from 'vitest';
import { applyImage } from '../../../../server/core/model/apply/image';
import { SessionModel } from '../../../../server/core/model/state/sessionModel';
import { Filtered } from '../../../../server/engine/session/filtered';
import { META } from '../../fakes/session';

const model = new SessionModel(META);
afterAll(() => model.dispose());

test('messages to a process are found if they are received late, in order, and in any number', () => {
  model.channels.ensure(1);
  const sender = applyImage(model, 1, 11, 0, 1);
  const receiver = applyImage(model, 2, 12, 0, 1);
  const only = new Filtered(model, { processId: receiver.process.id, text: '' }, () => '');
  for (let seq = 0; seq < 5000; seq++) model.messages.add(0, sender.number, seq, 0, seq, 1);
  while (!only.extend());
  expect(only.length).toBe(0);
  for (const id of [7, 9]) model.messages.received(id, receiver.number, id, 0, 1);
  only.extend();
  expect([...only.slice(0, 10)]).toEqual([7, 9]);
  for (let id = 4999; id >= 0; id--) model.messages.received(id, receiver.number, id, 0, 1);
  while (!only.extend());
  expect(only.length).toBe(5000);
  expect([...only.slice(0, 5000)]).toEqual([...Array(5000).keys()]);
  expect([...only.slice(4998, 6000)]).toEqual([4998, 4999]);
});
