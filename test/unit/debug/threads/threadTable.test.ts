import { expect, test } from 'vitest';
import { ThreadTable } from '../../../../server/debug/threads/threadTable';
import type { SessionDelta } from '../../../../server/protocol/stream';

const process = (id: string, pid: number, state = 'running'): SessionDelta =>
  ({
    id: 's',
    full: false,
    processes: [{ id, pid, name: id, origin: 'fork' }],
    processStatus: [{ id, state, waits: [] }],
  }) as unknown as SessionDelta;

const never = new AbortController().signal;

test('a process is found at once where it is known, and else as soon as it is', async () => {
  const table = new ThreadTable();
  table.apply(process('a', 10));
  expect(await table.when((each) => each.pid === 10, 1000, never)).toMatchObject({ id: 1, name: 'a (pid 10)' });
  const later = table.when((each) => each.pid === 11, 60_000, never);
  table.apply(process('b', 12));
  table.apply(process('c', 11));
  expect(await later).toMatchObject({ id: 3, processId: 'c' });
});

test('waiting for a process ends with its time, and when there is nothing to wait for', async () => {
  const table = new ThreadTable();
  expect(await table.when((each) => each.pid === 10, 5, never)).toBeNull();
  const gone = new AbortController();
  const waited = table.when((each) => each.pid === 10, 60_000, gone.signal);
  gone.abort();
  expect(await waited).toBeNull();
  table.apply(process('a', 10));
  expect(await table.when((each) => each.pid === 10, 60_000, gone.signal)).toBeNull();
});

test('what a restarted program begins with has new numbers', () => {
  const table = new ThreadTable(7);
  expect(table.apply(process('a', 10)).started).toMatchObject([{ id: 8 }]);
  expect(table.apply(process('a', 10, 'exited')).exited).toMatchObject([{ id: 8, alive: false }]);
  expect(table.endAll()).toEqual([]);
});
