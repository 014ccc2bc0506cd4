/** Journals are untrusted: the model's time and memory stay proportional to their size. */
import { expect, test } from 'vitest';
import { Pool } from '../../../../server/core/model/entities/pool';
import { PARENT_BY } from '../../../../server/core/model/entities/process';
import { Processes } from '../../../../server/core/model/state/processes';
import { JobTable } from '../../../../server/core/model/structures/jobTable';

test('a pool with very many workers lists each once, and no more than its bound', () => {
  const pool = new Pool('pool', 0);
  for (let round = 0; round < 2; round++) for (let n = 0; n < 150_000; n++) pool.addWorker(`p${n}`, -n);
  expect(pool.workers.length).toBe(100_000);
  expect(new Set(pool.workers).size).toBe(100_000);
});

test('a pid used by very many processes resolves to its latest process', () => {
  const processes = new Processes();
  for (let n = 0; n < 50_000; n++) processes.end(processes.make(1, n * 10), 'exited', n * 10 + 5, 0, null);
  expect(processes.find(1, 499_992)?.startedAt).toBe(499_990);
  for (let n = 0; n < 20_000; n++) expect(processes.find(1, -1)).toBeNull();
});

test('a chain of parents is finite and never cyclic', () => {
  const processes = new Processes();
  const all = Array.from({ length: 15_000 }, (_, n) => processes.make(n, 0));
  for (let n = 1; n < all.length; n++) processes.setParent(all[n]!, all[n - 1]!, PARENT_BY.fork);
  processes.setParent(all[0]!, all[9_000]!, PARENT_BY.fork);
  expect(all[0]!.parent).toBeNull();
  expect(all[10_000]!.parent).toBe(all[9_999]);
  expect(all[12_000]!.parent === null || all[12_000]!.parent === all[11_999]).toBe(true);
});

test('jobs with distant numbers take no memory for the numbers between', () => {
  const tables = Array.from({ length: 300 }, () => new JobTable());
  for (const table of tables) {
    table.add(1, 0, 0, 2);
    table.add(2 ** 24, 0, 2, 1);
    table.add(2 ** 40, 5, 3, 1);
    expect([table.find(1, 1), table.find(2 ** 24, 0), table.find(2 ** 40, 5), table.find(2 ** 23, 0)]).toEqual([
      1, 2, 3, -1,
    ]);
  }
  expect(process.memoryUsage().arrayBuffers).toBeLessThan(1e9);
});

test('jobs numbered with gaps, and tasks of one job in any order, are found', () => {
  const table = new JobTable();
  for (let n = 0; n < 20_000; n++) table.add(n * 7, 0, n, 1);
  for (let n = 0; n < 20_000; n++) expect(table.find(n * 7, 0)).toBe(n);
  const apart = new JobTable();
  for (let n = 0; n < 100_000; n++) apart.add(3, n * 2, n, 1);
  for (let n = 0; n < 100_000; n++)
    if (apart.find(3, n * 2) !== n || apart.find(3, n * 2 + 1) !== -1) throw new Error(`${n}`);
});
