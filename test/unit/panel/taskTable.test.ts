import { describe, expect, test } from 'vitest';
import { PAGE } from '../../../media/panel/state/pages';
import { TaskTable } from '../../../media/panel/state/taskTable';
import { tracebackLines } from '../../../media/panel/state/traceback';
import { scrollTo, visibleRows } from '../../../media/panel/state/window';
import type { TasksParams } from '../../../server/protocol/requests';
import type { TaskRow } from '../../../server/protocol/views';

const row = (id: number): TaskRow => ({
  id,
  poolId: 'q1',
  job: id,
  index: 0,
  kind: 'call',
  items: 1,
  function: 'work',
  arguments: `${id}`,
  result: '',
  state: 'done',
  workerId: 'p2',
  worker: 'PoolWorker-1',
  submittedAtMs: id,
  startedAtMs: id,
  endedAtMs: id,
  waitedMs: 0,
  ranMs: 0,
  submitLine: null,
  functionLine: null,
});

/** A table over `total` tasks, and its requests. */
function table(total: number) {
  const asked: TasksParams[] = [];
  const opened: number[] = [];
  const tasks = new TaskTable(
    {
      tasks: async (params) => {
        asked.push(params);
        const length = Math.max(0, Math.min(params.limit, total - params.offset));
        return { rows: Array.from({ length }, (_, i) => row(params.offset + i)), total, complete: true };
      },
      task: async ({ taskId }) => {
        opened.push(taskId);
        return null;
      },
    },
    () => {},
  );
  return { tasks, asked, opened };
}
const settled = async () => {
  for (let i = 0; i < 5; i++) await Promise.resolve();
};

describe('the table of tasks', () => {
  test('a million: only visible pages are requested, at any scroll position, and few are kept', async () => {
    const total = 1_000_000;
    const { tasks, asked } = table(total);
    tasks.visit('s');
    await settled();
    expect(tasks.pages.total).toBe(total);
    const [ROW, VIEW] = [22, 440];
    let scroll = 0;
    let drawn = 0;
    for (let i = 0; i < 500; i++) {
      const index = (i * 7919 * 131) % total;
      scroll = scrollTo(index, total, ROW, VIEW, scroll);
      const shown = visibleRows(total, ROW, VIEW, scroll);
      expect(shown.count).toBeLessThan(VIEW / ROW + 10);
      const before = asked.length;
      const ids = () => Array.from({ length: shown.count }, (_, k) => tasks.pages.row(shown.first + k)?.id);
      ids();
      await settled();
      expect(asked.length - before).toBeLessThanOrEqual(2);
      expect(ids()).toEqual(Array.from({ length: shown.count }, (_, k) => shown.first + k));
      drawn += shown.count;
    }
    expect(asked.every((each) => each.limit === PAGE)).toBe(true);
    expect(drawn).toBeLessThan(500 * 40);
    expect(Reflect.get(tasks.pages, 'pages').size).toBeLessThanOrEqual(30);
  });

  test('nothing is requested while it is hidden, and once for each query', async () => {
    const { tasks, asked } = table(3);
    tasks.show('s', { poolId: 'q1' });
    tasks.change({ state: 'failed' });
    tasks.sortBy('ran');
    expect(asked).toEqual([]);
    tasks.visit('s');
    tasks.visit('s');
    await settled();
    expect(asked).toEqual([
      {
        sessionId: 's',
        filter: { poolId: 'q1', state: 'failed' },
        order: 'ran',
        descending: true,
        offset: 0,
        limit: PAGE,
      },
    ]);
  });

  test('selecting a column again reverses the order; an empty part of the filter is removed', () => {
    const { tasks } = table(0);
    tasks.sortBy('function');
    expect([tasks.order, tasks.descending]).toEqual(['function', false]);
    tasks.sortBy('function');
    expect([tasks.order, tasks.descending]).toEqual(['function', true]);
    tasks.change({ text: 'x', workerId: 'w' });
    tasks.change({ text: '' });
    expect(tasks.filter).toEqual({ workerId: 'w' });
  });

  test('another session starts without a filter and without an open task', async () => {
    const { tasks, asked, opened } = table(5);
    tasks.visit('s');
    tasks.change({ text: 'x' });
    await tasks.open(3);
    expect(opened).toEqual([3]);
    tasks.visit('other');
    expect([tasks.filter, tasks.taskId]).toEqual([{}, null]);
    expect(asked.at(-1)).toMatchObject({ sessionId: 'other', filter: {} });
  });
});

test('frames of a traceback lead to their lines, lookalikes do not', () => {
  const text = [
    'Traceback (most recent call last):',
    '  File "/w/a b.py", line 12, in run',
    '    work()',
    '  File "<string>", line 1, in <module>',
    '  File "/w/x.py", line 3',
    'ValueError: File "x"',
  ].join('\n');
  expect(tracebackLines(text).map((each) => each.line)).toEqual([
    null,
    { file: '/w/a b.py', line: 12, function: 'run' },
    null,
    null,
    { file: '/w/x.py', line: 3, function: '' },
    null,
  ]);
});
