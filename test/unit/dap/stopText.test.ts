import { expect, test } from 'vitest';
import { stopBadge, stopText, waitingBadge, waitingText } from '../../../server/dap/stopText';
import type { Introduction } from '../../../server/debug/pauses/stopped';
import type { Wait } from '../../../server/protocol/views';

const introduction = (op: string, error: string | null = null, kind: Introduction['reason']['kind'] = 'function') =>
  ({ op, error, reason: { kind, id: 1 } }) as Introduction;

test("a badge is short, so that its process's name is visible; the text names the object", () => {
  expect([stopBadge(introduction('put')), stopText(introduction('put'), 'tasks')]).toEqual([
    'Paused on put',
    'Paused on put of tasks',
  ]);
  const lost = introduction('put', 'unpicklable', 'filter');
  expect([stopBadge(lost), stopText(lost, 'tasks')]).toEqual([
    'Paused on unpicklable',
    'Paused on put of what cannot be pickled: tasks',
  ]);
  expect(stopBadge(introduction('get', 'Empty', 'filter'))).toBe('Paused on Empty');
  expect(stopBadge(introduction('get', null, 'freeze'))).toBe('Held');
  const wait = { operation: 'get', on: 'tasks', sinceMs: 1000 } as Wait;
  expect([waitingBadge(wait, 4200), waitingText(wait, 4200)]).toEqual([
    'In get 3.2 s',
    'Waiting in get of tasks 3.2 s',
  ]);
});
