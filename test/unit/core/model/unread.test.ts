/** A get that raised because its item could not be unpickled has received a message but returned none. */
import { expect, test } from 'vitest';
import { applyImage } from '../../../../server/core/model/apply/image';
import { countLost } from '../../../../server/core/model/apply/lost';
import { applyRecord } from '../../../../server/core/model/apply/record';
import type { Channel } from '../../../../server/core/model/entities/channel';
import { channelStatus } from '../../../../server/core/model/project/channels';
import { violations } from '../../../../server/core/model/project/invariants';
import { SessionModel } from '../../../../server/core/model/state/sessionModel';
import * as v from '../../../../server/protocol/vocabulary';
import { emit } from '../../fakes/model';
import { META } from '../../fakes/session';

test.each(['Queue', 'SimpleQueue'])(
  'in a %s it is not a get, and is reported; also if its event was recycled',
  (kind) => {
    const model = new SessionModel(META);
    const main = applyImage(model, 1, 1, 0, 1000);
    const ends = [
      { id: 11, mode: 'r', key: '1:1' },
      { id: 12, mode: 'w', key: '1:1' },
    ];
    applyRecord(model, main, {
      type: 'channel',
      t: 1000,
      id: 10,
      kind,
      name: 'rows',
      owner: 'user',
      capacity: 0,
      ends,
    });
    let seq = 0;
    const event = (of: number, outcome: number, obj: number) =>
      emit(model, main, { kind: of, outcome, t0: 2000 + seq, t1: 2000 + seq, thread: 9, obj, size: 5, seq: seq++ });
    for (let i = 0; i < 4; i++) event(v.KIND_SEND, v.OUTCOME_OK, 12);
    for (let i = 0; i < 3; i++) event(v.KIND_RECV, v.OUTCOME_OK, 11);
    event(v.KIND_GET, v.OUTCOME_UNREAD, 10);
    const status = () => channelStatus(model.channels.all[0] as Channel, null);
    expect(status()).toMatchObject({
      receives: 3,
      gets: 2,
      depthPipe: kind === 'Queue' ? 0 : 1,
      outcomes: { unread: 1 },
    });
    countLost(model, main, 10, v.KIND_GET, v.OUTCOME_UNREAD, 1, 0);
    expect(status()).toMatchObject({ receives: 3, gets: 1, outcomes: { unread: 2 } });
    expect(violations(model)).toEqual([]);
  },
);
