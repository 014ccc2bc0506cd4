/**
 * The three programs of CPython's own multiprocessing documentation (Doc/includes/mp_pool.py, mp_workers.py,
 * mp_newtype.py). They are not ours, so no copy is kept here: they are read from a folder named by
 * FORKSCOPE_CPYTHON_DOCS, else from the installed documentation of Python (Debian's python3-doc); without either, the
 * tests are skipped.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type Run, runUnder } from './run';

/** A text that occurs only in this program of the documentation page. */
const MARKS: Readonly<Record<string, string>> = {
  'mp_pool.py': 'def calculatestar',
  'mp_workers.py': '# Submit tasks',
  'mp_newtype.py': 'class MyManager(BaseManager)',
};
const scratch = mkdtempSync(join(tmpdir(), 'forkscope-docs-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function fromInstalledPage(): string | null {
  const base = '/usr/share/doc';
  const folder = existsSync(base)
    ? readdirSync(base).find(
        (name) => /^python3\.\d+$/.test(name) && existsSync(join(base, name, 'html/library/multiprocessing.html')),
      )
    : undefined;
  if (folder === undefined) return null;
  const page = readFileSync(join(base, folder, 'html/library/multiprocessing.html'), 'utf8');
  const entities: Readonly<Record<string, string>> = {
    '&lt;': '<',
    '&gt;': '>',
    '&quot;': '"',
    '&#39;': "'",
    '&amp;': '&',
  };
  for (const [, block] of page.matchAll(/<pre>(.*?)<\/pre>/gs)) {
    const text = (block ?? '')
      .replace(/<[^>]+>/g, '')
      .replace(/&(?:lt|gt|quot|#39|amp);/g, (entity) => entities[entity] ?? entity);
    const name = Object.keys(MARKS).find((each) => text.includes(MARKS[each] as string) && text.includes('def test'));
    if (name !== undefined) writeFileSync(join(scratch, name), text);
  }
  return scratch;
}
const folder = process.env['FORKSCOPE_CPYTHON_DOCS'] ?? fromInstalledPage();
const have = (name: string) => folder !== null && existsSync(join(folder, name));
const go = (name: string): Run => runUnder([join(folder as string, name)]);

describe('programs of CPython’s documentation', () => {
  test.skipIf(!have('mp_workers.py'))('mp_workers', () => {
    const run = go('mp_workers.py');
    expect(run.status).toBe(0);
    const users = run.report.channels.filter((each) => each.owner === 'user');
    // 20 + 10 tasks and STOP 4 times; 30 results.
    expect(users.map((each) => [each.name, each.puts, each.gets, each.depth])).toEqual([
      ['task_queue', 34, 34, 0],
      ['done_queue', 30, 30, 0],
    ]);
    const workers = run.report.processes.filter((each) => each.origin === 'process');
    expect(workers.map((each) => [each.name, each.exitCode])).toEqual([1, 2, 3, 4].map((n) => [`Process-${n}`, 0]));
    expect(run.report.messages).toMatchObject({ unmatchedSends: 0, unmatchedReceives: 0 });
  });

  test.skipIf(!have('mp_pool.py'))('mp_pool', () => {
    const run = go('mp_pool.py');
    expect(run.status).toBe(0);
    expect(run.report.pools).toHaveLength(1);
    // apply_async 20, imap 20, imap_unordered 20, map of 20 in 10 chunks; then failing: apply 1, map 10, imap 10, imap
    // 10
    // (one of each fails); then with timeouts apply_async 1, imap 20.
    expect(run.report.pools[0]).toMatchObject({
      kind: 'Pool',
      name: 'pool',
      size: 4,
      submitted: 122,
      started: 122,
      completed: 118,
      failed: 4,
      pending: 0,
      running: 0,
    });
    expect(run.report.processes.filter((each) => each.origin === 'pool-worker')).toHaveLength(4);
    expect(run.report.messages).toMatchObject({ unmatchedReceives: 0 });
  });

  test.skipIf(!have('mp_newtype.py'))('mp_newtype', () => {
    const run = go('mp_newtype.py');
    expect(run.status).toBe(0);
    expect(run.stdout).toContain('op.pow(2, 94) = 19807040628566084398385987584');
    expect(run.report.processes.map((each) => each.origin)).toEqual(['main', 'manager']);
    expect(run.report.channels.filter((each) => each.owner === 'user')).toHaveLength(0);
    expect(run.report.messages).toMatchObject({ unmatchedReceives: 0 });
  });
});
