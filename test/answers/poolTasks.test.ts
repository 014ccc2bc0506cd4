/** Every task of a program with 10,000 of them: the list of tasks must agree with each worker's own count. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sourceAt } from '../../server/engine/session/open';
import { Session } from '../../server/engine/session/session';
import type { TaskRow } from '../../server/protocol/views';
import { start } from '../integration/engine/session/programs';
import { PROGRAMS } from './run';

const METHODS = process.platform === 'win32' ? ['spawn'] : ['fork', 'spawn'];

test.each(METHODS)('10,000 tasks in 4 workers that are replaced, under %s', { timeout: 120_000 }, async (method) => {
  const running = start(join(PROGRAMS, 'pool_ten_thousand.py'), [method]);
  let out = '';
  running.child.stdout?.on('data', (text) => {
    out += text;
  });
  await running.ended;
  const did = JSON.parse(out) as Record<string, [number, number]>;
  const session = new Session(await sourceAt(running.folder));
  try {
    await session.refresh();
    const all: TaskRow[] = [];
    for (let offset = 0; offset < 10_000; offset += 1000)
      all.push(...session.tasks({ filter: {}, offset, limit: 1000 }).rows);
    expect(all).toHaveLength(10_000);

    const pids = new Map((session.snapshot().processes ?? []).map((each) => [each.id, each.pid]));
    const seen: Record<string, [number, number]> = {};
    for (const task of all) {
      expect(['done', 'failed']).toContain(task.state);
      const pid = `${pids.get(task.workerId ?? '')}`;
      seen[pid] ??= [0, 0];
      (seen[pid] as [number, number])[task.state === 'failed' ? 1 : 0]++;
      expect(task.waitedMs).toBeGreaterThanOrEqual(0);
      expect(task.ranMs).toBeGreaterThanOrEqual(0);
    }
    expect(seen).toEqual(did);

    // By the submitting call, its line and its function.
    const by = (name: string) => all.filter((each) => each.function === name);
    expect([by('call').length, by('item').length, by('single').length]).toEqual([200, 180, 9620]);
    expect(new Set(all.map((each) => `${each.function} ${each.submitLine?.line} ${each.functionLine?.line}`))).toEqual(
      new Set(['call 37 13', 'item 43 19', 'single 45 23']),
    );
    expect(by('call').map((each) => [each.arguments, each.kind, each.items])).toEqual(
      Array.from({ length: 200 }, (_, x) => [`${x}, step=10`, 'call', 1]),
    );
    expect(by('call').filter((each) => each.state === 'failed')).toHaveLength(20);
    expect(by('single').filter((each) => each.state === 'failed')).toHaveLength(100);
    for (const chunk of by('item')) expect([chunk.kind, chunk.items]).toEqual(['chunk', 50]);
    expect(by('item')[1]?.arguments).toMatch(/^\(50, 51, 52, /);
    for (const task of [...by('call'), ...by('single')]) {
      const pid = pids.get(task.workerId ?? '');
      expect(task.result).toBe(task.state === 'failed' ? `ValueError(${pid})` : `${pid}`);
    }

    // One failure with all its details.
    const failed = session.tasks({ filter: { state: 'failed', text: 'VALUEERROR' }, offset: 0, limit: 1 });
    const detail = session.task(failed.rows[0]?.id ?? -1);
    expect(detail?.exception).toMatch(/^ValueError\(\d+\)$/);
    expect(detail?.traceback).toMatch(/^Traceback \(most recent call last\):/);
    expect(detail?.traceback).toMatch(
      /line 15, in call\n {4}raise ValueError\(os\.getpid\(\)\)\n[\s\S]*ValueError: \d+$/,
    );

    const [pool] = session.snapshot().poolStatus ?? [];
    expect(pool).toMatchObject({
      submitted: 10_000,
      started: 10_000,
      completed: 9880,
      failed: 120,
      pending: 0,
      running: 0,
    });
    const { activity } = pool ?? {};
    expect(activity).toMatchObject({ busy: 0, idle: 0, maxTasksPerWorker: 500, items: 200 + 9000 + 9620 });
    expect(activity?.restarts).toBe((pool?.workers.length ?? 0) - 4);
    for (const each of activity?.workers ?? []) {
      expect([each.done, each.failed]).toEqual(did[`${pids.get(each.processId)}`] ?? [0, 0]);
      expect(each.state).toBe('ended');
    }
    expect(activity?.sentence).toMatch(/^4 workers, average \d\.\d busy\. Tasks take /);
  } finally {
    session.dispose(true);
  }
});

test.each(METHODS)(
  "every task of an executor has its result, also each worker's last, under %s",
  { timeout: 60_000 },
  async (method) => {
    const running = start(join(PROGRAMS, 'executor_tasks.py'), [method]);
    running.child.stdout?.resume();
    await running.ended;
    const session = new Session(await sourceAt(running.folder));
    try {
      await session.refresh();
      const { rows } = session.tasks({ filter: {}, offset: 0, limit: 1000 });
      expect(rows.length).toBeGreaterThan(0);
      expect(rows.filter((each) => each.result === '')).toEqual([]);
    } finally {
      session.dispose(true);
    }
  },
);
