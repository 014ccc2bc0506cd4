/** Which of its parent's ends a forked child has, independent of the order and delay of the records. */
import { expect, test } from 'vitest';
import { applyImage } from '../../../../server/core/model/apply/image';
import { applyRecord } from '../../../../server/core/model/apply/record';
import { SessionModel } from '../../../../server/core/model/state/sessionModel';
import { META } from '../../fakes/session';

const [LEFT, RIGHT] = [101, 102];

/** A parent that forks at 2000 and closes one end at `closed`; the child's first record is from `begun`. */
function ends(closed: number, begun: number): string[] {
  const model = new SessionModel(META);
  const main = applyImage(model, 1, 1, 0, 1000);
  applyRecord(model, main, { type: 'process', t: 1000, argv: ['s.py'], python: '3.11' });
  const both = [LEFT, RIGHT].map((id) => ({ id, mode: 'rw', key: `k${id}` }));
  applyRecord(model, main, {
    type: 'channel',
    t: 1100,
    id: 100,
    kind: 'Pipe',
    duplex: true,
    names: ['l', 'r'],
    ends: both,
  });
  const steps: [number, () => void][] = [
    [2000, () => applyRecord(model, main, { type: 'fork', t: 2000, pid: 2, loc: 0, call: 'fork' })],
    [closed, () => applyRecord(model, main, { type: 'close', t: closed, id: RIGHT })],
    [
      begun,
      () => {
        const child = applyImage(model, 2, 2, 1, begun);
        applyRecord(model, child, { type: 'process', t: begun, argv: ['s.py'], python: '3.11' });
      },
    ],
  ];
  for (const [, step] of steps.sort(([a], [b]) => a - b)) step();
  const [channel] = model.channels.all;
  const open = (channel?.uses ?? []).filter((each) => each.open && each.process.pid === 2);
  return open.map((each) => (each.end.gid === LEFT ? 'left' : 'right')).sort();
}

test.each([
  ['closed before the fork', 1500, 2100, ['left']],
  ['closed after the child began', 2200, 2100, ['left', 'right']],
  ['closed before a slow child began', 2100, 2200, ['left', 'right']],
])('%s', (_, closed, begun, expected) => {
  expect(ends(closed, begun)).toEqual(expected);
});

test('a child whose journal is found late has none of the ends its parent opened after the fork', () => {
  const model = new SessionModel(META);
  const main = applyImage(model, 1, 1, 0, 1000);
  applyRecord(model, main, { type: 'process', t: 1000, argv: ['s.py'], python: '3.11' });
  applyRecord(model, main, { type: 'fork', t: 2000, pid: 2, loc: 0, call: 'fork' });
  const both = [LEFT, RIGHT].map((id) => ({ id, mode: 'rw', key: `k${id}` }));
  applyRecord(model, main, {
    type: 'channel',
    t: 3000,
    id: 100,
    kind: 'Pipe',
    duplex: true,
    names: ['l', 'r'],
    ends: both,
  });
  const child = applyImage(model, 2, 2, 1, 2100);
  applyRecord(model, child, { type: 'process', t: 2100, argv: ['s.py'], python: '3.11' });
  expect(model.channels.all[0]?.uses.map((each) => each.process.pid)).toEqual([1, 1]);
});
