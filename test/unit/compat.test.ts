import { describe, expect, it } from 'vitest';
import { count, differences, durations, failedAlike, judge, read, slow } from '../compat/cpython/compare';
import { type Results, sectionOf } from '../compat/cpython/results';
import { unseen } from '../compat/libraries/cases';
import { differing, factsOf } from '../compat/libraries/compare';
import { replaced } from '../compat/shared/document';

const ran = (stdout: string, stderr = '', code = 0) => ({
  code,
  stdout,
  stderr,
  seconds: 1,
  timedOut: false,
  report: null,
});

describe('suites with and without Forkscope, test by test', () => {
  it('reads one outcome per line, and several for a repeated name', () => {
    const outcomes = read('passed\ta\nskipped\tb\nfailed\tb\nnonsense\n');
    expect([...outcomes]).toEqual([
      ['a', 'passed'],
      ['b', 'failed + skipped'],
    ]);
    expect(count(outcomes)).toEqual({ passed: 1, failed: 1, skipped: 1 });
  });

  it('finds tests with different outcomes, and tests that only one side ran', () => {
    const bare = read('passed\ta\npassed\tb\nfailed\tc\n');
    const forkscope = read('passed\ta\nerror\tb\nfailed\tc\nskipped\td\n');
    expect(differences(bare, forkscope)).toEqual([
      { test: 'b', bare: 'passed', forkscope: 'error' },
      { test: 'd', bare: 'not run', forkscope: 'skipped' },
    ]);
    expect(failedAlike(bare, forkscope)).toEqual(['c']);
  });

  it('distinguishes flaky tests from effects of Forkscope', () => {
    expect(judge(['passed', 'failed', 'passed'], ['failed', 'passed', 'passed'])).toBe('unsteady');
    expect(judge(['failed', 'passed'], ['passed', 'passed'])).toBe('unsteady');
    expect(judge(['passed', 'passed'], ['failed', 'passed'])).toBe('once');
    expect(judge(['passed', 'passed'], ['failed', 'failed'])).toBe('differs');
    expect(judge(['passed', 'passed', 'passed'], ['failed', 'passed', 'failed'])).toBe('differs');
    expect(judge(['passed'], ['failed'])).toBe('differs');
  });

  it('finds a test that timed out with the same outcome, and a suite that did', () => {
    const bare = durations('passed\ta\t1.0\npassed\tb\t2.0\npassed\tb\t1.5\n', 10);
    expect([...bare]).toEqual([
      ['a', 1],
      ['b', 3.5],
      ['the end', 5.5],
    ]);
    expect(slow(bare, durations('passed\ta\t9.0\npassed\tb\t302.0\npassed\tc\t90.0\n', 410))).toEqual([
      { test: 'b', bare: 4, forkscope: 302 },
    ]);
    expect(slow(bare, durations('passed\ta\t1.0\npassed\tb\t3.0\n', 50))).toEqual([
      { test: 'the end', bare: 6, forkscope: 46 },
    ]);
    expect(slow(durations('passed\ta\t300.0\n', 301), durations('passed\ta\t0.0\n', 1))).toEqual([
      { test: 'a', bare: 300, forkscope: 0 },
    ]);
  });

  it('a difference appears in the table and below it', () => {
    const result = {
      date: '2026-01-02',
      bare: { passed: 2, failed: 0, skipped: 1 },
      forkscope: { passed: 1, failed: 1, skipped: 1 },
      seconds: { bare: 1, forkscope: 1 },
      processes: 3,
      messages: 4,
      failedAlike: [],
      judged: [
        { test: 'test.test_os.Case.test_it', bare: ['passed'], forkscope: ['failed'], verdict: 'differs' as const },
      ],
      slow: [{ test: 'test.test_os.Case.test_other', bare: 1, forkscope: 301 }],
    };
    const results: Results = { '3.13.0': { test_os: result, test_fork1: null }, '3.9.1': { test_os: null } };
    const text = sectionOf(results, 'a machine');
    expect(text).toContain('`Case.test_other` took 1 s without and 301 s with Forkscope, once.');
    expect(text).toContain('**1 end otherwise with it.**');
    expect(text).toMatch(/\| `test_os` +\| 2 · 1, \*\*1 differ\*\* \|/);
    expect(text).toContain('`Case.test_it` **ends otherwise under Forkscope** (without: 1 × passed; with: 1 × failed)');
    expect(text).not.toContain('3.9.1');
  });
});

describe('programs with and without Forkscope', () => {
  it('are the same except for numbers assigned by the system', () => {
    const one = factsOf(ran('pid 1234\n# threads 1\n', 'in /tmp/one at 0x7f00'), '/tmp/one');
    const other = factsOf(ran('pid 99999\n# threads 1\n', 'in /tmp/two at 0x7f11'), '/tmp/two');
    expect(differing(one, other)).toEqual([]);
    expect(differing(one, factsOf(ran('pid 1234\n# threads 2\n', '', 3), '/tmp/one'))).toEqual([
      'exit code',
      'stderr',
      'threads',
    ]);
  });

  it('are recorded if the report contains their actions', () => {
    const report = {
      processes: [{ origin: 'main' }],
      channels: [{ kind: 'Queue' }],
      pools: [],
      messages: { count: 3 },
    };
    const expected = { processes: { main: 1 }, channels: { Queue: { atLeast: 1 } }, messages: 3 };
    expect(unseen(report as never, expected)).toEqual([]);
    expect(
      unseen(report as never, { ...expected, processes: { main: 2 }, pools: { Pool: 1 }, messages: { atLeast: 4 } }),
    ).toEqual(['main: 1, not 2', 'Pool: 0, not 1', 'messages: 3, not at least 4']);
  });
});

describe('the compatibility page', () => {
  it('keeps the handwritten text around the tables', () => {
    const page = 'before\n<!-- a: written by a script -->\n\nold\n\n<!-- end of a -->\nafter\n';
    expect(replaced(page, 'a', 'new')).toBe(
      'before\n<!-- a: written by a script -->\n\nnew\n\n<!-- end of a -->\nafter\n',
    );
    expect(() => replaced(page, 'b', 'new')).toThrow('no section b');
  });
});
