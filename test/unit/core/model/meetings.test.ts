/**
 * The two ends of a connection are paired by what only they share, independent of the order of their journals;
 * otherwise the peer is unknown.
 */
import { describe, expect, test } from 'vitest';
import { applyImage } from '../../../../server/core/model/apply/image';
import { applyRecord } from '../../../../server/core/model/apply/record';
import type { Channel } from '../../../../server/core/model/entities/channel';
import type { Image } from '../../../../server/core/model/entities/process';
import type { RecordFields } from '../../../../server/core/model/input/fields';
import { channelStatus } from '../../../../server/core/model/project/channels';
import { SessionModel } from '../../../../server/core/model/state/sessionModel';
import * as v from '../../../../server/protocol/vocabulary';
import { emit } from '../../fakes/model';
import { META } from '../../fakes/session';

function session() {
  const model = new SessionModel(META);
  const images = [1, 2, 3].map((pid) => applyImage(model, pid, pid, 0, 1000));
  const [server, client, other] = images as [Image, Image, Image];
  const meet = (image: Image, id: number, more: RecordFields, at = 2000) =>
    applyRecord(model, image, {
      type: 'endpoint',
      kind: 'socket',
      t: at,
      id,
      mode: 'rw',
      loc: 0,
      owner: 'user',
      ...more,
    });
  let seq = 0;
  const event = (image: Image, kind: number, obj: number, at: number) =>
    emit(model, image, { kind, t0: at, t1: at, thread: 9, obj, size: 5, seq: seq++ });
  const send = (image: Image, obj: number, at: number) => event(image, v.KIND_SEND, obj, at);
  const recv = (image: Image, obj: number, at: number) => event(image, v.KIND_RECV, obj, at);
  /** [sender's pid, receiver's pid or null] of each message. */
  const received = () =>
    Array.from({ length: model.messages.count }, (_, id) => {
      const entry = model.messages.entry(id);
      const pid = (image: number) => model.processes.images[image]?.pid ?? null;
      return [pid(entry?.sendImage ?? -1), pid(entry?.recvImage ?? -1)];
    });
  return { model, server, client, other, meet, send, recv, received };
}

const IDENTITIES: readonly (readonly [string, RecordFields, RecordFields])[] = [
  ['the word of their authentication', { key: '9:1', word: 'ab12' }, { key: '9:2', word: 'ab12' }],
  ['the inode that the kernel named to the server', { key: '9:1', peer: '9:2' }, { key: '9:2' }],
  ['the inode that the kernel named to the client', { key: '9:1' }, { key: '9:2', peer: '9:1' }],
  [
    'their addresses',
    { key: '9:1', local: '127.0.0.1:80', remote: '127.0.0.1:4000' },
    { key: '9:2', local: '127.0.0.1:4000', remote: '127.0.0.1:80' },
  ],
];

describe.each(IDENTITIES)('by %s', (_, ofServer, ofClient) => {
  test.each([true, false])('two ends form one connection, server first: %s', (serverFirst) => {
    const { model, server, client, meet, send, recv, received } = session();
    if (serverFirst) meet(server, 11, ofServer);
    meet(client, 12, ofClient);
    if (!serverFirst) meet(server, 11, ofServer);
    send(client, 12, 3000);
    recv(server, 11, 3100);
    send(server, 11, 3200);
    recv(client, 12, 3300);
    expect(received()).toEqual([
      [2, 1],
      [1, 2],
    ]);
    expect(model.channels.all).toHaveLength(1);
    expect(model.channels.all[0]).toMatchObject({ whole: true, depth: 0 });
  });

  test('a message sent before the other end was recorded is received there', () => {
    const { server, client, meet, send, recv, received } = session();
    meet(client, 12, ofClient);
    send(client, 12, 2500);
    meet(server, 11, ofServer);
    recv(server, 11, 3100);
    expect(received()).toEqual([[2, 1]]);
  });
});

test('a server that authenticates after accepting is the peer of the client it challenged', () => {
  for (const clientFirst of [true, false]) {
    const { model, server, client, other, meet, send, recv, received } = session();
    const clients = () => {
      meet(client, 12, { key: '9:2', word: 'w2' }, 2300);
      meet(other, 13, { key: '9:3', word: 'w3' }, 2300);
    };
    if (clientFirst) clients();
    meet(server, 10, { key: '9:8' });
    meet(server, 11, { key: '9:9' });
    applyRecord(model, server, { type: 'challenge', t: 2200, id: 11, word: 'w2' });
    applyRecord(model, server, { type: 'challenge', t: 2210, id: 10, word: 'w3' });
    if (!clientFirst) clients();
    send(client, 12, 3000);
    send(other, 13, 3050);
    recv(server, 10, 3100);
    recv(server, 11, 3200);
    expect(received()).toEqual([
      [2, 1],
      [3, 1],
    ]);
    expect(model.messages.entry(0)?.receivedAt).toBe(3200);
    expect(model.channels.all).toHaveLength(2);
  }
});

test('connections that share nothing are not paired, and their peers are unknown', () => {
  const { model, server, client, meet, send, recv, received } = session();
  meet(server, 11, { key: '9:1' });
  meet(client, 12, { key: '9:2' });
  send(client, 12, 3000);
  recv(server, 11, 3100);
  expect(received()).toEqual([
    [2, null],
    [null, 1],
  ]);
  expect(model.channels.all).toHaveLength(2);
  for (const each of model.channels.all) expect(each).toMatchObject({ whole: false, depth: 0 });
});

test('a third connection never becomes an end of two others', () => {
  const { server, client, other, meet, send, recv, received } = session();
  meet(client, 12, { key: '9:2', word: 'w' });
  meet(server, 11, { key: '9:1', word: 'w' });
  meet(other, 13, { key: '9:3', word: 'w', peer: '9:1' });
  send(other, 13, 3000);
  recv(server, 11, 3100);
  send(client, 12, 3200);
  expect(received()).toEqual([
    [3, null],
    [2, 1],
  ]);
});

test('a reused address belongs to the connection of its time', () => {
  const { model, server, client, other, meet } = session();
  const [here, there] = ['127.0.0.1:80', '127.0.0.1:4000'];
  meet(client, 12, { key: '9:2', local: there, remote: here }, 2000);
  meet(other, 13, { key: '9:3', local: there, remote: here }, 90_000);
  meet(server, 11, { key: '9:1', local: here, remote: there }, 90_100);
  expect(model.channels.ends.get(11)?.channel).toBe(model.channels.ends.get(13)?.channel);
  expect(model.channels.ends.get(12)?.channel.whole).toBe(false);
});

test('a connection closed before it was known is shown closed once it is', () => {
  const { model, server, meet, recv } = session();
  meet(server, 11, { key: '9:1' });
  applyRecord(model, server, { type: 'close', t: 5000, id: 11 });
  recv(server, 11, 3100);
  expect(channelStatus(model.channels.all[0] as Channel, null).endpoints).toMatchObject([{ open: false, receives: 1 }]);
});
