import { expect, test } from 'vitest';
import { SessionModel } from '../../../server/model/model';
import { META } from '../fakes/session';

/** A process that said at 5000 that it ends, noticed as gone at 9000. */
function ended(status: { code: number | null; signal: number | null } | undefined, says = true) {
  const model = new SessionModel(META);
  const image = model.addImage(1, 1, 0, 1000);
  model.record(image, { type: 'process', t: 1000, argv: ['s.py'], python: '3.11' });
  if (says) model.record(image, { type: 'exit', t: 5000, code: 3, how: '_exit' });
  model.processGone(image.process, 9000, status);
  return { state: image.process.state, at: image.process.endedAt, code: image.process.exitCode };
}

test('who said that it ends ended then, whatever noticed it later, and whether or not its status was seen', () => {
  const expected = { state: 'exited', at: 5000, code: 3 };
  expect(ended({ code: 3, signal: null })).toEqual(expected);
  expect(ended(undefined)).toEqual(expected);
});

test('who said nothing, or was killed after all, ended when it was noticed', () => {
  expect(ended({ code: 0, signal: null }, false)).toMatchObject({ state: 'exited', at: 9000, code: 0 });
  expect(ended({ code: null, signal: 9 })).toMatchObject({ state: 'killed', at: 9000 });
});

/** A child of a parent, which sent it a signal; what its status says of its end. */
function child(
  end: { code: number | null; signal: number | null },
  { signalled = 0, by = 'parent', daemon = false, interrupted = false } = {},
) {
  const model = new SessionModel(META);
  const parent = model.addImage(1, 1, 0, 1000);
  model.record(parent, { type: 'process', t: 1000, argv: ['s.py'], python: '3.11' });
  model.record(parent, { type: 'start', t: 2000, id: 5, pid: 2, loc: 0, method: 'fork', name: 'child', daemon });
  const image = model.addImage(2, 2, 1, 2000);
  model.record(image, { type: 'process', t: 2000, argv: ['s.py'], python: '3.11' });
  model.record(parent, { type: 'start', t: 2000, id: 6, pid: 3, loc: 0, method: 'fork', name: 'other', daemon: false });
  const other = model.addImage(3, 3, 1, 2000);
  const sender = by === 'parent' ? parent : other;
  if (signalled !== 0) model.record(sender, { type: 'signal', t: 3000, pid: 2, signal: signalled, call: 'terminate' });
  if (interrupted) model.event(image, 12, 9, 0, 2500, 3000, 1, 0, 0, 0, -1, 0, 0, () => '');
  model.record(parent, { type: 'reap', t: 4000, pid: 2, ...end });
  return image.process.status(0, model.locations).asked ?? false;
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
