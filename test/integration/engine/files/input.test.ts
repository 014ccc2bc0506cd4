/** Reading files named by journals and recordings. Each test ends only if nothing blocks or fills memory. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, symlinkSync, truncateSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readNamed } from '../../../../server/engine/files/input';
import { usedExtents } from '../../../../server/engine/recording/extents';
import { wallOffset } from '../../../../server/engine/session/clock';
import { sourceLine } from '../../../../server/engine/session/sources';
import { Files } from '../../../../server/lsp/language/files';
import { KnownSession } from '../../../../server/lsp/language/sessions';
import { Workplace } from '../../../shared/workplace';

const place = new Workplace();
afterAll(() => place.dispose());
const MOST = 1000;
const read = (path: string) => readNamed(path, MOST)?.text ?? null;

test('a regular file, also through links, once per change', () => {
  const path = place.write('a.py', 'one\ntwo\n');
  expect(read(path)).toBe('one\ntwo\n');
  const { changedAt } = readNamed(path, MOST) ?? { changedAt: 0 };
  expect(readNamed(path, MOST, changedAt)).toBeNull();
  utimesSync(path, 1, 1);
  expect(readNamed(path, MOST, changedAt)).toMatchObject({ changedAt: 1000 });
  expect(sourceLine(path, 2)).toBe('two');
  expect(read(place.write('empty.py', ''))).toBe('');
  if (process.platform !== 'win32') {
    symlinkSync(path, place.path('link.py'));
    expect(read(place.path('link.py'))).toBe('one\ntwo\n');
  }
});

test('a file that is too large, missing or a folder is rejected', () => {
  const path = place.write('large.py', 'x'.repeat(MOST));
  expect(read(path)?.length).toBe(MOST);
  appendFileSync(path, 'y');
  expect(read(path)).toBeNull();
  truncateSync(path, 2 ** 40);
  expect(sourceLine(path, 1)).toBe('');
  for (const each of [place.folder, place.path('gone.py'), '<string>', '', 'a\0b']) expect(read(each)).toBeNull();
});

describe.runIf(process.platform !== 'win32')('what is no file', () => {
  test('a FIFO, a cycle of links, a device, links to them', () => {
    execFileSync('mkfifo', [place.path('fifo.py')]);
    symlinkSync(place.path('fifo.py'), place.path('to-fifo.py'));
    symlinkSync(place.path('b.py'), place.path('c.py'));
    symlinkSync(place.path('c.py'), place.path('b.py'));
    symlinkSync('/dev/zero', place.path('zero.py'));
    for (const each of ['fifo.py', 'to-fifo.py', 'b.py', 'zero.py'].map((name) => place.path(name))) {
      expect(read(each)).toBeNull();
      expect(sourceLine(each, 1)).toBe('');
      expect(new Files().follow(each)).toBeNull();
    }
    for (const each of ['/dev/zero', '/dev/tty', '/dev/stdin', '/dev/fd/0']) expect(read(each)).toBeNull();
  });

  test.runIf(process.platform === 'linux')("the kernel's own files", () => {
    for (const each of [
      '/proc/self/environ',
      '/proc/self/maps',
      '/proc/kmsg',
      '/sys/kernel/mm/transparent_hugepage/enabled',
    ])
      expect(read(each)).toBeNull();
  });

  test('journals that are FIFOs', () => {
    const folder = place.path('folder');
    mkdirSync(folder);
    execFileSync('mkfifo', [join(folder, '1-1.fsj')]);
    expect(wallOffset(folder)).toBeNull();
    expect(() => usedExtents(join(folder, '1-1.fsj'))).toThrow('no regular file');
  });
});

test('a recording gives access only to files that the user has open', () => {
  const path = place.write('named.py', 'one\n');
  const line = { file: path, line: 1, function: 'f' };
  const files = new Files();
  const session = (recorded: boolean) => {
    const meta = { cwd: place.folder, startedAt: new Date(Date.now() + 1000).toISOString(), recorded };
    return new KnownSession({ meta } as never, 1, files);
  };
  const recording = session(true);
  expect(recording.place(line)).toBeNull();
  expect([...files.all]).toEqual([]);
  expect(session(false).place(line)).toMatchObject({ line: 0 });
  expect(recording.place(line)).toMatchObject({ line: 0 });
});
