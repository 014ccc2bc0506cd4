/** Counters of events that were recycled before they were read. */
import { expect, test } from 'vitest';
import { applyImage } from '../../../../server/core/model/apply/image';
import { applyRecord } from '../../../../server/core/model/apply/record';
import type { Channel } from '../../../../server/core/model/entities/channel';
import { channelStatus } from '../../../../server/core/model/project/channels';
import { SessionModel } from '../../../../server/core/model/state/sessionModel';
import { Totals } from '../../../../server/engine/journal/totals';
import { makeReport } from '../../../../server/engine/report/report';
import * as v from '../../../../server/protocol/vocabulary';
import { emit } from '../../fakes/model';
import { META } from '../../fakes/session';

const [READS, WRITES] = [101, 102];

function pipe() {
  const model = new SessionModel(META);
  const image = applyImage(model, 1, 1, 0, 1000);
  const ends = [
    { id: READS, mode: 'r', key: 'k' },
    { id: WRITES, mode: 'w', key: 'k' },
  ];
  applyRecord(model, image, { type: 'process', t: 1000, argv: ['s.py'], python: '3.11' });
  applyRecord(model, image, {
    type: 'channel',
    t: 1100,
    id: 100,
    kind: 'Pipe',
    duplex: false,
    names: ['r', 'w'],
    ends,
  });
  return { model, image, channel: () => model.channels.of(READS) };
}

test('bytes are exact, also with different sizes', () => {
  const { model, image, channel } = pipe();
  const totals = new Totals();
  const before = { lostFloor: -1 };
  totals.count(before, WRITES, v.KIND_SEND, v.OUTCOME_OK, 5);
  emit(model, image, { kind: v.KIND_SEND, t0: 1200, t1: 1200, thread: 1, obj: WRITES, size: 5, seq: 1 });
  // 3 more, of 1000 bytes together, were lost.
  totals.fill(
    model,
    image,
    { lostFloor: 8 },
    { floor: 8, obj: WRITES, kind: v.KIND_SEND, outcome: v.OUTCOME_OK, count: 4, bytes: 1005 },
  );
  expect(channel()).toMatchObject({ sends: 4, bytesSent: 1005 });
});

test("sends that are read before their receives do not increase a channel's depth", () => {
  const { model, image, channel } = pipe();
  const send = (at: number) =>
    emit(model, image, { kind: v.KIND_SEND, t0: at, t1: at, thread: 1, obj: WRITES, size: 5, seq: at });
  send(1200);
  model.channels.loseCount();
  for (let at = 1300; at < 1320; at++) send(at);
  new Totals().fill(
    model,
    image,
    { lostFloor: -1 },
    { floor: -1, obj: READS, kind: v.KIND_RECV, outcome: v.OUTCOME_OK, count: 20, bytes: 100 },
  );
  expect(channelStatus(channel() as Channel, null)).toMatchObject({ depth: 1, depthMax: 1 });
});

test.each([
  ['the sender', true],
  ['the receiver', false],
])('each message has its own receive, if the losses of %s are read first', (_, sendsFirst) => {
  const { model, image } = pipe();
  const event = (kind: number, obj: number, at: number) =>
    emit(model, image, { kind, t0: at, t1: at, thread: 1, obj, size: 5, seq: at });
  const lose = (obj: number, kind: number, count: number) =>
    new Totals().fill(
      model,
      image,
      { lostFloor: -1 },
      { floor: -1, obj, kind, outcome: v.OUTCOME_OK, count, bytes: 5 * count },
    );
  const lost = [() => lose(WRITES, v.KIND_SEND, 3), () => lose(READS, v.KIND_RECV, 2)];
  for (const each of sendsFirst ? lost : lost.reverse()) each();
  event(v.KIND_RECV, READS, 2003); // of the third message, whose send was lost
  for (const at of [1004, 1005, 1006]) event(v.KIND_SEND, WRITES, at);
  for (const at of [2004, 2005]) event(v.KIND_RECV, READS, at);
  const { messages, matched, lostReceives } = model;
  expect([0, 1, 2].map((id) => messages.entry(id)?.receivedAt)).toEqual([2004, 2005, -1]);
  expect({ count: messages.count, matched, lostReceives }).toEqual({ count: 3, matched: 2, lostReceives: 3 });
});

test('a message taken by a lost receive does not count as pending', () => {
  const { model, image } = pipe();
  for (const at of [1200, 1201, 1202])
    emit(model, image, { kind: v.KIND_SEND, t0: at, t1: at, thread: 1, obj: WRITES, size: 5, seq: at });
  new Totals().fill(
    model,
    image,
    { lostFloor: -1 },
    { floor: -1, obj: READS, kind: v.KIND_RECV, outcome: v.OUTCOME_OK, count: 2, bytes: 10 },
  );
  expect(makeReport(model, 0, []).messages).toMatchObject({ count: 3, matched: 0, unmatchedSends: 1 });
});
