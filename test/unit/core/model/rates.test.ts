/** Rates and fill levels are current values, which must contain nothing of the past. */
import { expect, test } from 'vitest';
import { applyImage } from '../../../../server/core/model/apply/image';
import { applyRecord } from '../../../../server/core/model/apply/record';
import { Deltas } from '../../../../server/core/model/project/deltas';
import { SessionModel } from '../../../../server/core/model/state/sessionModel';
import * as v from '../../../../server/protocol/vocabulary';
import { emit } from '../../fakes/model';
import { META } from '../../fakes/session';

const QUEUE = 100;

/** A queue, with functions that put into it and get from it at a time in ms. */
function queue(capacity: number) {
  const model = new SessionModel(META);
  const main = applyImage(model, 1, 1, 0, 0);
  applyRecord(model, main, { type: 'process', t: 0, argv: ['s.py'], python: '3.11' });
  const ends = [101, 102].map((id, side) => ({ id, mode: side === 0 ? 'r' : 'w', key: `k${side}` }));
  applyRecord(model, main, { type: 'queue', t: 0, id: QUEUE, kind: 'Queue', name: 'q', capacity, ends });
  let seq = 0;
  const event = (kind: number, ms: number, id: number) =>
    emit(model, main, { kind, t0: ms * 1e6, t1: ms * 1e6, thread: seq++, obj: id });
  const put = (ms: number) => {
    event(v.KIND_PUT, ms, QUEUE);
    event(v.KIND_SEND, ms, 102);
  };
  return { model, deltas: new Deltas(model), put, get: (ms: number) => event(v.KIND_RECV, ms, 101) };
}

test('a channel’s rate is updated until the session ends, and is zero afterwards', () => {
  const { model, deltas, put } = queue(0);
  for (let n = 0; n < 20; n++) put(1000 + n);
  expect(deltas.take(1100)?.channelStatus?.[0]).toMatchObject({ puts: 20, rate: 20 });
  expect(deltas.take(1200)?.channelStatus?.[0]?.rate).toBe(20); // published again: it decays by itself
  model.state = 'ended';
  expect(deltas.take(1300)?.channelStatus?.[0]).toMatchObject({ puts: 20, rate: 0 });
  expect(deltas.take(1400)).toBeNull();
  expect(deltas.full(1400).channelStatus?.[0]?.rate).toBe(0);
});

test('a queue never exceeds its capacity, though a put may be recorded before the get that made room', () => {
  const { deltas, put, get } = queue(2);
  for (const ms of [1, 2, 3]) put(ms);
  expect(deltas.take(10)?.channelStatus?.[0]).toMatchObject({ depth: 2, depthMax: 2 });
  get(4);
  expect(deltas.take(20)?.channelStatus?.[0]).toMatchObject({ puts: 3, gets: 1, depth: 2, depthMax: 2 });
});
