import { expect, test } from 'vitest';
import { heldRows, type StoppedProcess } from '../../../media/panel/state/stops';
import type { MessageRow } from '../../../server/protocol/views';

const row = (id: number, to: string, receivedAtMs: number | null) =>
  ({ id, to, channelId: 'c1', receivedAtMs }) as MessageRow;
const stop = (process: string, phase: 'before' | 'after') =>
  ({ process: { id: process }, stop: { phase, channelId: 'c1' } }) as StoppedProcess;

test('the message that a process is paused with is the last one it received from that channel', () => {
  const rows = [row(1, 'p2', 10), row(2, 'p2', 30), null, row(3, 'p3', 40)];
  expect([...heldRows(rows, [stop('p2', 'after')])]).toEqual([[2, 'p2']]);
  expect([...heldRows(rows, [stop('p2', 'before')])]).toEqual([]);
});
