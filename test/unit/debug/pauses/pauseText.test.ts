import { expect, test } from 'vitest';
import type { PauseInfo } from '../../../../server/debug/pauses/pausedThread';
import { pauseBadge, pauseText, waitingBadge } from '../../../../server/debug/pauses/pauseText';
import type { Wait } from '../../../../server/protocol/views';

const info = (op: string, error: string | null = null, kind: PauseInfo['reason']['kind'] = 'function') =>
  ({ op, error, reason: { kind, id: 1 } }) as PauseInfo;

test("a badge is short, so that its process's name is visible; the text names the object", () => {
  expect([pauseBadge(info('put')), pauseText(info('put'), 'tasks')]).toEqual([
    'Paused on put',
    'Paused on put of tasks',
  ]);
  const lost = info('put', 'unpicklable', 'filter');
  expect([pauseBadge(lost), pauseText(lost, 'tasks')]).toEqual([
    'Paused on unpicklable',
    'Paused on put of what cannot be pickled: tasks',
  ]);
  expect(pauseBadge(info('get', 'Empty', 'filter'))).toBe('Paused on Empty');
  expect(pauseBadge(info('get', null, 'freeze'))).toBe('Held');
  const wait = { operation: 'get', target: 'queue', on: 'tasks', sinceMs: 1000 } as Wait;
  expect(waitingBadge(wait, 4200)).toBe('In tasks.get() 3.2 s');
});
