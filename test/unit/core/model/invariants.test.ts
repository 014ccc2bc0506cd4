import { expect, test } from 'vitest';
import { violations } from '../../../../server/core/model/invariants';
import { SessionModel } from '../../../../server/core/model/model';
import * as v from '../../../../server/protocol/vocabulary';
import { META } from '../../fakes/session';

function begun() {
  const model = new SessionModel(META);
  const image = model.addImage(1, 1, 0, 1000);
  model.record(image, { type: 'process', t: 1000, argv: ['s.py'], python: '3.11' });
  return { model, image, process: image.process };
}

test('a valid model violates nothing', () => {
  const { model, image } = begun();
  model.record(image, {
    type: 'channel',
    t: 1001,
    id: 7,
    kind: 'Pipe',
    name: 'p',
    ends: [
      { id: 8, mode: 'r', key: '1:1' },
      { id: 9, mode: 'w', key: '1:2' },
    ],
  });
  model.event(image, v.KIND_SEND, v.OUTCOME_OK, 0, 2000, 2001, 1, 9, 0, 3, 0, 0, 0, () => '');
  model.event(image, v.KIND_RECV, v.OUTCOME_OK, 0, 2002, 2003, 1, 8, 0, 3, 0, 0, 1, () => '');
  model.record(image, { type: 'exit', t: 3000, code: 3, how: 'end' });
  model.mainEnded({ pid: 1, exitCode: 3, signal: null }, 3001);
  expect(violations(model)).toEqual([]);
});

test('contradictions are reported', () => {
  const { model, process } = begun();
  Object.assign(process, { state: 'killed', signal: 'SIGKILL', endedAt: 10, exitCode: 0 });
  model.matched = 1;
  expect(violations(model)).toEqual([
    's.py (p1) has exit code 0 and signal SIGKILL.',
    's.py (p1) is killed with exit code 0.',
    's.py (p1) ended before it started.',
    '0 messages have both ends, and 1 matched.',
    '0 messages have no sender, and -1 receives no send.',
  ]);
});
