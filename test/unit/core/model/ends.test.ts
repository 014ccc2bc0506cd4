import { expect, test } from 'vitest';
import { applyImage } from '../../../../server/core/model/apply/image';
import { applyRecord } from '../../../../server/core/model/apply/record';
import { processGone } from '../../../../server/core/model/apply/system';
import { violations } from '../../../../server/core/model/project/invariants';
import { processStatus } from '../../../../server/core/model/project/processes';
import { SessionModel } from '../../../../server/core/model/state/sessionModel';
import { emit } from '../../fakes/model';
import { META } from '../../fakes/session';

/** A process that reported its end at 5000, detected as gone at 9000. */
function ended(status: { code: number | null; signal: number | null } | undefined, says = true) {
  const model = new SessionModel(META);
  const image = applyImage(model, 1, 1, 0, 1000);
  applyRecord(model, image, { type: 'process', t: 1000, argv: ['s.py'], python: '3.11' });
  if (says) applyRecord(model, image, { type: 'exit', t: 5000, code: 3, how: '_exit' });
  processGone(model, image.process, 9000, status);
  return { state: image.process.state, at: image.process.endedAt, code: image.process.exitCode };
}

test('uses the end time reported by the process, not the time of detection, whether or not its status is known', () => {
  const expected = { state: 'exited', at: 5000, code: 3 };
  expect(ended({ code: 3, signal: null })).toEqual(expected);
  expect(ended(undefined)).toEqual(expected);
});

test('uses the time of detection if no end was reported, or if the process was killed after all', () => {
  expect(ended({ code: 0, signal: null }, false)).toMatchObject({ state: 'exited', at: 9000, code: 0 });
  expect(ended({ code: null, signal: 9 })).toMatchObject({ state: 'killed', at: 9000 });
});

test('a process that reported its end, and was not yet detected as gone, is alive', () => {
  const model = new SessionModel(META);
  const image = applyImage(model, 1, 1, 0, 1000);
  applyRecord(model, image, { type: 'process', t: 1000, argv: ['s.py'], python: '3.11' });
  applyRecord(model, image, { type: 'exit', t: 5000, code: 3, how: '_exit' });
  expect(processStatus(model, image.process)).toMatchObject({ state: 'running', endedAtMs: null });
});

test.each([4990, 5010])('detected as gone at %d, before the end reported at 5000 was read: ended at 5000', (seen) => {
  const model = new SessionModel(META);
  const image = applyImage(model, 1, 1, 0, 1000);
  applyRecord(model, image, { type: 'process', t: 1000, argv: ['s.py'], python: '3.11' });
  processGone(model, image.process, seen, { code: 3, signal: null });
  applyRecord(model, image, { type: 'exit', t: 5000, code: 3, how: '_exit' });
  expect(image.process).toMatchObject({ state: 'exited', endedAt: 5000, exitCode: 3 });
});

/** A child whose parent sent it a signal, and its exit status. */
function child(
  end: { code: number | null; signal: number | null },
  { signalled = 0, by = 'parent', daemon = false, interrupted = false } = {},
) {
  const model = new SessionModel(META);
  const parent = applyImage(model, 1, 1, 0, 1000);
  applyRecord(model, parent, { type: 'process', t: 1000, argv: ['s.py'], python: '3.11' });
  applyRecord(model, parent, { type: 'start', t: 2000, id: 5, pid: 2, loc: 0, method: 'fork', name: 'child', daemon });
  const image = applyImage(model, 2, 2, 1, 2000);
  applyRecord(model, image, { type: 'process', t: 2000, argv: ['s.py'], python: '3.11' });
  applyRecord(model, parent, {
    type: 'start',
    t: 2000,
    id: 6,
    pid: 3,
    loc: 0,
    method: 'fork',
    name: 'other',
    daemon: false,
  });
  const other = applyImage(model, 3, 3, 1, 2000);
  const sender = by === 'parent' ? parent : other;
  if (signalled !== 0)
    applyRecord(model, sender, { type: 'signal', t: 3000, pid: 2, signal: signalled, call: 'terminate' });
  if (interrupted) emit(model, image, { kind: 12, outcome: 9, t0: 2500, t1: 3000, thread: 1, a: -1 });
  applyRecord(model, parent, { type: 'reap', t: 4000, pid: 2, ...end });
  return processStatus(model, image.process).asked ?? false;
}

test.each([
  ['terminated by its parent', { code: null, signal: 15 }, { signalled: 15 }, true],
  ['terminated by its parent, with a handler that exits', { code: 143, signal: null }, { signalled: 15 }, true],
  ['a daemon at the end of its parent', { code: null, signal: 15 }, { daemon: true }, true],
  ['ended by Ctrl-C', { code: null, signal: 2 }, {}, true],
  ['a child that got KeyboardInterrupt', { code: 1, signal: null }, { interrupted: true }, true],
  ['killed by a stranger', { code: null, signal: 9 }, {}, false],
  ['terminated by its brother', { code: null, signal: 15 }, { signalled: 15, by: 'other' }, false],
  ['failed', { code: 1, signal: null }, {}, false],
  ['failed after another signal', { code: 1, signal: null }, { signalled: 10 }, false],
  ['a crash after another signal', { code: null, signal: 11 }, { signalled: 15 }, false],
  ['ended well', { code: 0, signal: null }, { signalled: 15 }, false],
] as const)('%s: whether it ended as asked', (_, end, how, asked) => {
  expect(child(end, how)).toBe(asked);
});

test('a process that reported its code and was killed before it exited has its signal only', () => {
  expect(ended({ code: null, signal: 9 })).toMatchObject({ state: 'killed', code: null });
});

test('an end with unknown status is lost, not an exit without a code', () => {
  const model = new SessionModel(META);
  const parent = applyImage(model, 1, 1, 0, 1000);
  applyRecord(model, parent, { type: 'fork', t: 2000, pid: 2, loc: 0, call: 'fork' });
  applyRecord(model, parent, { type: 'reap', t: 3000, pid: 2, code: null, signal: null });
  expect(model.processes.latest(2)).toMatchObject({ state: 'lost', exitCode: null, signal: null, endedAt: 3000 });
});

test('nothing ends before it starts, however late its start is recorded', () => {
  const model = new SessionModel(META);
  const parent = applyImage(model, 1, 1, 0, 1000);
  applyRecord(model, parent, { type: 'fork', t: 9000, pid: 2, loc: 0, call: 'fork' });
  applyRecord(model, parent, { type: 'reap', t: 3000, pid: 2, code: 0, signal: null });
  expect(violations(model)).toEqual([]);
});

test('a child that ended long before the fork returned in its parent is one process', () => {
  const model = new SessionModel(META);
  const parent = applyImage(model, 1, 1, 0, 1e9);
  const child = applyImage(model, 2, 2, 1, 2e9);
  applyRecord(model, child, { type: 'process', t: 2e9, argv: ['s.py'], python: '3.11' });
  applyRecord(model, child, { type: 'exit', t: 3e9, code: 4, how: '_exit' });
  applyRecord(model, parent, { type: 'reap', t: 4e9, pid: 2, code: 4, signal: null });
  applyRecord(model, parent, { type: 'fork', t: 60e9, pid: 2, loc: 0, call: 'fork' });
  expect(model.processes.all.map((each) => each.id)).toEqual(['p1', 'p2']);
  applyRecord(model, parent, { type: 'fork', t: 61e9, pid: 2, loc: 0, call: 'fork' });
  expect(model.processes.all.map((each) => each.id)).toEqual(['p1', 'p2', 'p2.2']);
});

test('a fork recorded after its child has ended, with a time before the child began, belongs to that child', () => {
  const model = new SessionModel(META);
  const parent = applyImage(model, 1, 1, 0, 1e9);
  const child = applyImage(model, 2, 2, 1, 2e9);
  applyRecord(model, child, { type: 'process', t: 2e9, argv: ['s.py'], python: '3.11' });
  applyRecord(model, child, { type: 'exit', t: 3e9, code: 4, how: '_exit' });
  processGone(model, child.process, 4e9, { code: 4, signal: null });
  applyRecord(model, parent, { type: 'fork', t: 1.98e9, pid: 2, loc: 0, call: 'fork' });
  expect(model.processes.all.map((each) => [each.id, each.startedAt])).toEqual([
    ['p1', 1e9],
    ['p2', 1.98e9],
  ]);
});

test.each(['exit first', 'reap first'])('a child reports its end, and its parent reaps it: %s', (order) => {
  const model = new SessionModel(META);
  const parent = applyImage(model, 1, 1, 0, 1e9);
  const child = applyImage(model, 2, 2, 1, 2e9);
  const said = () => applyRecord(model, child, { type: 'exit', t: 3e9, code: 4, how: '_exit' });
  if (order === 'exit first') said();
  applyRecord(model, parent, { type: 'reap', t: 4e9, pid: 2, code: 4, signal: null });
  if (order === 'reap first') said();
  expect(child.process).toMatchObject({ state: 'exited', exitCode: 4, signal: null, endedAt: 3e9 });
});

test.each(['exit first', 'reap first'])('a child is killed after it reported its end: %s', (order) => {
  const model = new SessionModel(META);
  const parent = applyImage(model, 1, 1, 0, 1e9);
  const child = applyImage(model, 2, 2, 1, 2e9);
  const said = () => applyRecord(model, child, { type: 'exit', t: 3e9, code: 4, how: '_exit' });
  if (order === 'exit first') said();
  applyRecord(model, parent, { type: 'reap', t: 4e9, pid: 2, code: null, signal: 9 });
  if (order === 'reap first') said();
  expect(child.process).toMatchObject({ state: 'killed', exitCode: null, signal: 'SIGKILL', endedAt: 4e9 });
});
