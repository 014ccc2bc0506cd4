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
