import { expect, test } from 'vitest';
import { applyImage } from '../../../../server/core/model/apply/image';
import { applyRecord } from '../../../../server/core/model/apply/record';
import { mainEnded } from '../../../../server/core/model/apply/system';
import { violations } from '../../../../server/core/model/project/invariants';
import { SessionModel } from '../../../../server/core/model/state/sessionModel';
import * as v from '../../../../server/protocol/vocabulary';
import { emit } from '../../fakes/model';
import { META } from '../../fakes/session';

function begun() {
  const model = new SessionModel(META);
  const image = applyImage(model, 1, 1, 0, 1000);
  applyRecord(model, image, { type: 'process', t: 1000, argv: ['s.py'], python: '3.11' });
  return { model, image, process: image.process };
}

test('a valid model violates nothing', () => {
  const { model, image } = begun();
  applyRecord(model, image, {
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
  emit(model, image, { kind: v.KIND_SEND, t0: 2000, t1: 2001, thread: 1, obj: 9, size: 3 });
  emit(model, image, { kind: v.KIND_RECV, t0: 2002, t1: 2003, thread: 1, obj: 8, size: 3, seq: 1 });
  applyRecord(model, image, { type: 'exit', t: 3000, code: 3, how: 'end' });
  mainEnded(model, { pid: 1, exitCode: 3, signal: null }, 3001);
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
