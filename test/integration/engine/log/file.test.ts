/** The file of a log: written by the rules for output files, bounded, and harmless in every failure. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  existsSync,
  linkSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { openLog } from '../../../../server/engine/files/log';
import { outputProblem } from '../../../../server/engine/files/output';
import { LogFile } from '../../../../server/engine/log/file';
import { Workplace } from '../../../shared/workplace';

const place = new Workplace();
afterAll(() => place.dispose());
const posix = process.platform !== 'win32';
const LOG = 'forkscope log 1\nbefore\n';
const read = (path: string): string => readFileSync(path, 'utf8');
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the file', () => {
  test('a new file is accessible to its owner only', () => {
    const path = place.path('new.log');
    closeSync(openLog(path).fd);
    expect(read(path)).toBe('');
    if (posix) expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test.runIf(posix)('a log of ours is replaced, through links, and another name of the old one keeps it', () => {
    const target = place.write('old.log', LOG);
    chmodSync(target, 0o644);
    linkSync(target, place.path('kept.log'));
    symlinkSync('old.log', place.path('link.log'));
    const { fd, path } = openLog(place.path('link.log'));
    closeSync(fd);
    expect(path).toBe(target);
    expect(lstatSync(place.path('link.log')).isSymbolicLink()).toBe(true);
    expect([read(target), statSync(target).mode & 0o777]).toEqual(['', 0o600]);
    expect(read(place.path('kept.log'))).toBe(LOG);
    expect(readdirSync(place.folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test("another user's file is rejected, before the start too, and stays", () => {
    const path = place.write('theirs.txt', 'hello\n');
    expect(() => openLog(path)).toThrow(/exists and is no log of Forkscope: it is not overwritten/);
    expect(outputProblem([{ file: path, kind: 'log' }])).toMatch(/is no log of Forkscope/);
    expect(read(path)).toBe('hello\n');
    expect(
      outputProblem([{ file: place.write('report', '{"format": "forkscope-report"}'), kind: 'log' }]),
    ).not.toBeNull();
  });

  test.runIf(posix)('what is no regular file is refused at once: a FIFO, a device, a descriptor, a folder', () => {
    execFileSync('mkfifo', [place.path('fifo')]);
    for (const file of [place.path('fifo'), '/dev/null', '/dev/stderr', '/dev/fd/1'])
      expect(() => openLog(file)).toThrow(/is no regular file, and a log needs one/);
    expect(() => openLog(place.folder)).toThrow(/is a folder/);
    expect(() => openLog(place.path('nowhere/x.log'))).toThrow(/there is no folder/);
  });
});

describe('bounds', () => {
  const limit = 40_000;

  test('it never exceeds its limit; its head and its end are kept, and the omission is reported', () => {
    const path = place.path('long.log');
    const file = new LogFile(openLog(path), { limit, head: 2000 });
    file.add('forkscope log 1');
    let largest = 0;
    for (let n = 0; n < 20_000; n++) {
      file.add(`line ${n} ${'x'.repeat(n % 50)}`);
      if (n % 500 === 0) {
        file.flush();
        largest = Math.max(largest, statSync(path).size);
      }
    }
    file.close();
    const lines = read(path).trimEnd().split('\n');
    expect(Math.max(largest, statSync(path).size)).toBeLessThanOrEqual(limit);
    expect(statSync(path).size).toBeGreaterThan(limit / 4);
    expect(lines.slice(0, 3)).toEqual(['forkscope log 1', 'line 0 ', 'line 1 x']);
    expect(lines.at(-1)).toBe(`line 19999 ${'x'.repeat(49)}`);
    expect(lines.filter((line) => /^… \d+ bytes were left out/.test(line))).toHaveLength(1);
    // No line is split, and they are in order.
    const numbers = lines.flatMap((line) => /^line (\d+) x*$/.exec(line)?.[1] ?? []).map(Number);
    expect(numbers.length).toBe(lines.length - 2);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    // The length of the omitted part.
    const total = Array.from({ length: 20_000 }, (_, n) => `line ${n} ${'x'.repeat(n % 50)}\n`.length);
    const all = total.reduce((sum, each) => sum + each, 0) + LOG.indexOf('\n') + 1;
    const marker = lines.find((line) => line.startsWith('…')) ?? '';
    const kept = statSync(path).size - Buffer.byteLength(`${marker}\n`);
    expect(kept + Number(/\d+/.exec(marker)?.[0])).toBe(all);
  });

  test('a burst within one turn of the event loop is bounded too', () => {
    const path = place.path('burst.log');
    const file = new LogFile(openLog(path), { limit, head: 2000 });
    for (let n = 0; n < 50_000; n++) file.add('y'.repeat(40));
    file.close();
    expect(statSync(path).size).toBeLessThanOrEqual(limit);
    expect(new Set(read(path).trimEnd().split('\n')).size).toBe(2);
  });
});

describe('failures', () => {
  test('a line is in the file at the end of the turn of the event loop', async () => {
    const path = place.path('soon.log');
    const file = new LogFile(openLog(path));
    file.add('one');
    expect(read(path)).toBe('');
    await turn();
    expect(read(path)).toBe('one\n');
    file.close();
    file.add('two');
    expect(read(path)).toBe('one\n');
  });

  test.runIf(existsSync('/dev/full'))('a full disk: the log ends, reports it once, and throws nothing', async () => {
    const reasons: string[] = [];
    const file = new LogFile(
      { fd: openSync('/dev/full', 'r+'), path: '/dev/full' },
      { failed: (reason) => void reasons.push(reason) },
    );
    file.add('one');
    await turn();
    file.add('two');
    await turn();
    file.close();
    expect(reasons).toEqual([expect.stringContaining('ENOSPC')]);
  });
});
