/** Operations left unfinished by a process that was killed, or left by os._exit. */
import { expect, test } from 'vitest';
import { applyImage } from '../../../../server/core/model/apply/image';
import { applyRecord } from '../../../../server/core/model/apply/record';
import { processGone } from '../../../../server/core/model/apply/system';
import { settle } from '../../../../server/core/model/apply/unfinished';
import type { Channel } from '../../../../server/core/model/entities/channel';
import { payloadPlace } from '../../../../server/core/model/entities/messageIndex';
import type { Image } from '../../../../server/core/model/entities/process';
import type { ThreadSlot } from '../../../../server/core/model/input/slot';
import { channelStatus } from '../../../../server/core/model/project/channels';
import { violations } from '../../../../server/core/model/project/invariants';
import { SessionModel } from '../../../../server/core/model/state/sessionModel';
import * as v from '../../../../server/protocol/vocabulary';
import { emit } from '../../fakes/model';
import { META } from '../../fakes/session';

const [CHANNEL, READER, WRITER] = [7, 8, 9];
const FEEDER = v.SLOT_FLAG_FEEDER;

function session(kind: string, duplex = false) {
  const model = new SessionModel(META);
  const main = applyImage(model, 1, 1, 0, 1000);
  applyRecord(model, main, { type: 'process', t: 1000, argv: ['s.py'], python: '3.11' });
  const [first, second] = duplex ? ['rw', 'rw'] : ['r', 'w'];
  const ends = [
    { id: READER, mode: first, key: '1:1' },
    { id: WRITER, mode: second, key: '1:2' },
  ];
  applyRecord(model, main, {
    type: 'channel',
    t: 1001,
    id: CHANNEL,
    kind,
    name: 'c',
    owner: 'user',
    capacity: 0,
    duplex,
    ends,
  });
  const child = applyImage(model, 2, 2, 1, 1500);
  applyRecord(model, child, { type: 'process', t: 1500, argv: ['s.py'], python: '3.11' });
  applyRecord(model, child, { type: 'loc', t: 1501, id: 5, file: '/s.py', line: 11, func: 'work' });
  let seq = 0;
  const event = (image: Image, kind: number, outcome: number, t0: number, obj: number, flags = 0, thread = 1) =>
    emit(model, image, { kind, outcome, flags, t0, t1: t0 + 1, thread, obj, size: 6, seq: seq++ });
  const send = (image: Image, at: number, flags = 0) => event(image, v.KIND_SEND, 0, at, WRITER, flags);
  const receive = (image: Image, at: number) => event(image, v.KIND_RECV, 0, at, READER);
  const put = (image: Image, at: number) => event(image, v.KIND_PUT, 0, at, CHANNEL);
  const fail = (image: Image, at: number) => event(image, v.KIND_GET, v.OUTCOME_FAILED, at, CHANNEL);
  const end = (cells: ThreadSlot[]) => {
    processGone(model, child.process, 9000, { code: null, signal: 9 });
    settle(model, child, cells);
  };
  const channel = () => channelStatus(model.channels.all[0] as Channel, null);
  const senders = () =>
    Array.from({ length: model.messages.count }, (_, id) => model.messages.entry(id)?.sendImage ?? null);
  return { model, main, child, send, receive, put, fail, end, channel, senders };
}
function cell(op: number, t0: number, obj = WRITER): ThreadSlot {
  return { op, loc: 5, t0, thread: 1, obj, a: -1, b: 0 };
}

test.each([
  ['while its thread is still in it', v.KIND_SEND],
  ['when its thread has left it', 0],
])('a process that is killed after its message was taken and before its send was recorded, %s', (_, op) => {
  for (const order of ['received before it ended', 'received later']) {
    const { model, main, child, send, receive, end, channel, senders } = session('Pipe');
    send(child, 2000);
    receive(main, 2100);
    if (order === 'received before it ended') receive(main, 3100);
    end([cell(op, 3000)]);
    if (order === 'received later') receive(main, 3100);
    expect(senders()).toEqual([child.number, child.number]);
    const entry = model.messages.entry(1);
    expect(entry).toMatchObject({ sentAt: 3000, receivedAt: 3101, recvImage: main.number });
    expect(model.locations.line(entry?.sendLoc ?? 0)).toMatchObject({ line: 11 });
    expect(entry && payloadPlace(entry)).toEqual([main.number, entry?.recvSeq]);
    expect([model.matched, channel()?.sends, channel()?.receives, channel()?.depth]).toEqual([2, 2, 2, 0]);
    expect(violations(model)).toEqual([]);
  }
});

test('a thread slot of a recorded send, or of a receive, is not another send', () => {
  const { model, main, child, send, receive, end, senders } = session('Pipe');
  send(child, 2000);
  receive(main, 2100);
  receive(main, 2200);
  end([cell(0, 2000), cell(v.KIND_RECV, 2150), cell(v.KIND_SEND, 2150, READER)]);
  expect(senders()).toEqual([child.number, -1]);
  expect(violations(model)).toEqual([]);
});

test('a receive without a known send is listed, and its send is added when it is read', () => {
  const { model, main, child, send, receive, senders } = session('Pipe');
  receive(main, 2100);
  expect(senders()).toEqual([-1]);
  expect([model.messages.count, model.matched]).toEqual([1, 0]);
  expect(violations(model)).toEqual([]);
  send(child, 2000);
  expect(senders()).toEqual([child.number]);
  expect([model.messages.count, model.matched]).toEqual([1, 1]);
  expect(violations(model)).toEqual([]);
});

test('items in the feeder of an ended process are no longer in the queue', () => {
  const { model, main, child, send, receive, put, end, channel } = session('Queue');
  for (const at of [2000, 2010, 2020, 2030]) put(child, at);
  send(child, 2040, FEEDER);
  send(child, 2050, FEEDER);
  receive(main, 2060);
  expect(channel()).toMatchObject({ depth: 3, depthFeeder: 2 });
  end([]);
  expect(channel()).toMatchObject({ puts: 4, sends: 2, receives: 1, depth: 1, depthFeeder: 0, depthPipe: 1 });
  put(main, 9100);
  expect(channel()).toMatchObject({ depth: 2 });
  expect(violations(model)).toEqual([]);
});

test('an item whose put never returned is in the queue until it is taken', () => {
  const { model, main, child, send, receive, put, end, channel } = session('Queue');
  send(child, 2000, FEEDER);
  end([]);
  expect(channel()).toMatchObject({ puts: 0, sends: 1, depth: 1 });
  receive(main, 9100);
  put(main, 9200);
  expect(channel()).toMatchObject({ puts: 1, receives: 1, depth: 1 });
  expect(violations(model)).toEqual([]);
});

test('the feeder of a process that left by os._exit had sent one item more than it recorded', () => {
  const { model, main, child, send, receive, put, end, channel, senders } = session('Queue');
  for (const at of [2000, 2010, 2020]) put(child, at);
  send(child, 2040, FEEDER);
  receive(main, 2060);
  receive(main, 2110);
  end([cell(v.KIND_SEND, 2100)]);
  expect(senders()).toEqual([child.number, child.number]);
  expect(channel()).toMatchObject({ puts: 3, sends: 2, receives: 2, depth: 0 });
  expect(violations(model)).toEqual([]);
});

test('a get that took an item and raised is a receive, but not a get', () => {
  const { main, send, receive, fail, channel, model } = session('Queue');
  send(main, 2000, FEEDER);
  send(main, 2010, FEEDER);
  receive(main, 2100);
  fail(main, 2200);
  expect(channel()).toMatchObject({ gets: 1, receives: 1 });
  emit(model, main, { kind: v.KIND_RECV, t0: 2300, t1: 2301, thread: 1, obj: READER, size: 6, seq: 9 });
  emit(model, main, {
    kind: v.KIND_GET,
    outcome: v.OUTCOME_FAILED,
    t0: 2299,
    t1: 2302,
    thread: 1,
    obj: CHANNEL,
    seq: 10,
  });
  expect(channel()).toMatchObject({ gets: 1, receives: 2 });
  expect(violations(model)).toEqual([]);
});

test('an error of a SimpleQueue is counted once, by its receive', () => {
  const { main, send, receive, fail, channel, model } = session('SimpleQueue');
  send(main, 2000);
  receive(main, 2100);
  emit(model, main, {
    kind: v.KIND_GET,
    outcome: v.OUTCOME_EOFERROR,
    t0: 2050,
    t1: 2110,
    thread: 1,
    obj: CHANNEL,
    seq: 9,
  });
  expect(channel()).toMatchObject({ gets: 0, receives: 1, outcomes: { EOFError: 0 } });
  emit(model, main, {
    kind: v.KIND_RECV,
    outcome: v.OUTCOME_EOFERROR,
    t0: 2200,
    t1: 2201,
    thread: 1,
    obj: READER,
    seq: 10,
  });
  fail(main, 2199);
  expect(channel()).toMatchObject({ gets: 0, receives: 1, outcomes: { EOFError: 1 } });
});
