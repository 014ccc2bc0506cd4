/** Events that were recycled before they were read count like those that were read in time. */
import { expect, test } from 'vitest';
import { applyImage } from '../../../../server/core/model/apply/image';
import { countLost } from '../../../../server/core/model/apply/lost';
import { applyRecord } from '../../../../server/core/model/apply/record';
import type { Channel } from '../../../../server/core/model/entities/channel';
import { channelStatus } from '../../../../server/core/model/project/channels';
import { SessionModel } from '../../../../server/core/model/state/sessionModel';
import * as v from '../../../../server/protocol/vocabulary';
import { emit } from '../../fakes/model';
import { META } from '../../fakes/session';

const [CHANNEL, READER, WRITER] = [7, 8, 9];

function session(kind: string) {
  const model = new SessionModel(META);
  const image = applyImage(model, 1, 1, 0, 1000);
  applyRecord(model, image, { type: 'process', t: 1000, argv: ['s.py'], python: '3.11' });
  const ends = [
    { id: READER, mode: 'r', key: '1:1' },
    { id: WRITER, mode: 'w', key: '1:2' },
  ];
  applyRecord(model, image, {
    type: 'channel',
    t: 1001,
    id: CHANNEL,
    kind,
    name: 'c',
    owner: 'user',
    capacity: 0,
    ends,
  });
  return { model, image };
}

const KINDS = {
  send: v.KIND_SEND,
  recv: v.KIND_RECV,
  put: v.KIND_PUT,
  get: v.KIND_GET,
  poll: v.KIND_POLL,
  drop: v.KIND_DROP,
  task_done: v.KIND_TASK_DONE,
};
const OUTCOMES = {
  well: v.OUTCOME_OK,
  'in Full': v.OUTCOME_FULL,
  'in Empty': v.OUTCOME_EMPTY,
  'in EOFError': v.OUTCOME_EOFERROR,
  'in BrokenPipeError': v.OUTCOME_BROKEN_PIPE_ERROR,
  'in a timeout': v.OUTCOME_TIMEOUT,
  'in another error': v.OUTCOME_FAILED,
  'since it is closed': v.OUTCOME_CLOSED,
};
const cases = ['Pipe', 'JoinableQueue'].flatMap((channel) =>
  Object.entries(KINDS).flatMap(([kindName, kind]) =>
    Object.entries(OUTCOMES).map(([outcomeName, outcome]) => ({ channel, kindName, kind, outcomeName, outcome })),
  ),
);

test.each(cases)('$channel: $kindName that ends $outcomeName', ({ channel: channelKind, kind, outcome }) => {
  const obj = kind === v.KIND_SEND ? WRITER : kind === v.KIND_RECV || kind === v.KIND_POLL ? READER : CHANNEL;
  const counts = (lost: boolean) => {
    const { model, image } = session(channelKind);
    if (lost) countLost(model, image, obj, kind, outcome, 5, 0);
    else
      for (let i = 0; i < 5; i++)
        emit(model, image, { kind, outcome, t0: 2000 + i, t1: 2001 + i, thread: 1, obj, seq: i });
    const channel = model.channels.all[0];
    const { outcomes, puts, sends, receives, tasksDone } = channelStatus(channel as Channel, null) ?? {};
    return { outcomes, puts, sends, receives, tasksDone, drops: channel?.drops };
  };
  expect(counts(true)).toEqual(counts(false));
});
