/** A session may have several states, each at a moment of its own. */
import { expect, test } from 'vitest';
import { applyImage } from '../../../../server/core/model/apply/image';
import { applyRecord } from '../../../../server/core/model/apply/record';
import { applySlots } from '../../../../server/core/model/apply/slots';
import { processGone } from '../../../../server/core/model/apply/system';
import type { Image } from '../../../../server/core/model/entities/process';
import { Deltas } from '../../../../server/core/model/project/deltas';
import { SessionModel } from '../../../../server/core/model/state/sessionModel';
import * as v from '../../../../server/protocol/vocabulary';
import { emit } from '../../fakes/model';
import { META } from '../../fakes/session';

const [QUEUE, READER, WRITER, POOL] = [100, 101, 102, 200];
const OK = { thread: 1, size: 5 };

/** All that happens, in order: each step is applied to a state and to the images that it has by then. */
const STEPS: readonly ((model: SessionModel, images: Image[]) => void)[] = [
  (model, images) => images.push(applyImage(model, 1, 1, 0, 1e6)),
  (model, [main]) => applyRecord(model, main as Image, { type: 'process', t: 1e6, argv: ['s.py'], python: '3.11' }),
  (model, [main]) => {
    const ends = [READER, WRITER].map((id, side) => ({ id, mode: side === 0 ? 'r' : 'w', key: `k${side}` }));
    applyRecord(model, main as Image, { type: 'queue', t: 2e6, id: QUEUE, kind: 'Queue', name: 'q', ends });
  },
  (model, [main]) =>
    applyRecord(model, main as Image, { type: 'pool', t: 3e6, id: POOL, kind: 'Pool', size: 1, name: 'p' }),
  (model, images) => images.push(applyImage(model, 2, 2, 1, 4e6)),
  (model, [main]) => emit(model, main as Image, { ...OK, kind: v.KIND_PUT, t0: 5e6, t1: 5e6, obj: QUEUE }),
  (model, [main]) =>
    emit(model, main as Image, { ...OK, kind: v.KIND_TASK_SUBMIT, t0: 6e6, t1: 6e6, obj: POOL, text: 'f' }),
  (model, [main]) =>
    emit(model, main as Image, { ...OK, kind: v.KIND_SEND, flags: v.SLOT_FLAG_FEEDER, t0: 7e6, t1: 7e6, obj: WRITER }),
  (model, [, child]) => {
    const slot = { op: v.KIND_GET, loc: 0, t0: 5e6, thread: 1, obj: QUEUE, a: -1, b: 0 };
    applySlots(model, child as Image, [slot], 100e6);
  },
  (model, [, child]) => emit(model, child as Image, { ...OK, kind: v.KIND_RECV, t0: 8e6, t1: 8e6, obj: READER }),
  (model, [, child]) => applySlots(model, child as Image, [], 200e6),
  (model, [, child]) => processGone(model, (child as Image).process, 9e6, { code: null, signal: 9 }),
];

function state() {
  const model = new SessionModel(META);
  const deltas = new Deltas(model);
  const images: Image[] = [];
  let next = 0;
  const until = (step: number) => {
    while (next < step) STEPS[next++]?.(model, images);
    return JSON.stringify(deltas.full(1000));
  };
  return { until };
}

test('a state that is fed until a moment is what the session was then, while others go on', () => {
  const live = state();
  const then = STEPS.map((_, step) => live.until(step + 1));
  expect(new Set(then).size).toBe(then.length); // each step shows
  const all = STEPS.map(() => state());
  // All of them at once, each a step behind the one before it.
  for (let step = 1; step <= STEPS.length; step++)
    for (const [behind, each] of all.entries())
      if (step > behind) expect(each.until(step - behind)).toBe(then[step - behind - 1]);
});
