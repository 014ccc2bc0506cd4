/** Rates and fill levels are current values, which must contain nothing of the past. */
import { expect, test } from 'vitest';
import { SessionModel } from '../../../../server/core/model/model';
import * as v from '../../../../server/protocol/vocabulary';
import { META } from '../../fakes/session';

const QUEUE = 100;

/** A queue, with functions that put into it and get from it at a time in ms. */
function queue(capacity: number) {
  const model = new SessionModel(META);
  const main = model.addImage(1, 1, 0, 0);
  model.record(main, { type: 'process', t: 0, argv: ['s.py'], python: '3.11' });
  const ends = [101, 102].map((id, side) => ({ id, mode: side === 0 ? 'r' : 'w', key: `k${side}` }));
  model.record(main, { type: 'queue', t: 0, id: QUEUE, kind: 'Queue', name: 'q', capacity, ends });
  let seq = 0;
  const event = (kind: number, ms: number, id: number) =>
    model.event(main, kind, v.OUTCOME_OK, 0, ms * 1e6, ms * 1e6, seq++, id, 0, 0, 0, 0, 0, () => '');
  const put = (ms: number) => {
    event(v.KIND_PUT, ms, QUEUE);
    event(v.KIND_SEND, ms, 102);
  };
  return { model, put, get: (ms: number) => event(v.KIND_RECV, ms, 101) };
}

test('a channel’s rate is updated until the session ends, and is zero afterwards', () => {
  const { model, put } = queue(0);
  for (let n = 0; n < 20; n++) put(1000 + n);
  expect(model.takeDelta(1100)?.channelStatus?.[0]).toMatchObject({ puts: 20, rate: 20 });
  expect(model.takeDelta(1200)?.channelStatus?.[0]?.rate).toBe(20); // published again: it decays by itself
  model.state = 'ended';
  expect(model.takeDelta(1300)?.channelStatus?.[0]).toMatchObject({ puts: 20, rate: 0 });
  expect(model.takeDelta(1400)).toBeNull();
  expect(model.fullDelta(1400).channelStatus?.[0]?.rate).toBe(0);
});

test('a queue never exceeds its capacity, though a put may be recorded before the get that made room', () => {
  const { model, put, get } = queue(2);
  for (const ms of [1, 2, 3]) put(ms);
  expect(model.takeDelta(10)?.channelStatus?.[0]).toMatchObject({ depth: 2, depthMax: 2 });
  get(4);
  expect(model.takeDelta(20)?.channelStatus?.[0]).toMatchObject({ puts: 3, gets: 1, depth: 2, depthMax: 2 });
});
