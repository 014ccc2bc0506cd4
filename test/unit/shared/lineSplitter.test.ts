import { expect, test } from 'vitest';
import { LineSplitter } from '../../../server/shared/lineSplitter';

test('lines come whole, whatever the pieces are, and cut characters too', () => {
  const bytes = new TextEncoder().encode('one\n\nzwölf €\nlast');
  for (let size = 1; size <= bytes.length; size++) {
    const lines: string[] = [];
    const splitter = new LineSplitter(100, (line) => lines.push(line));
    for (let at = 0; at < bytes.length; at += size) expect(splitter.push(bytes.subarray(at, at + size))).toBe(true);
    expect(lines).toEqual(['one', '', 'zwölf €']);
    splitter.push('!\n');
    expect(lines.at(-1)).toBe('last!');
  }
});

test('a line that is too long is refused, and not kept', () => {
  const lines: string[] = [];
  const splitter = new LineSplitter(4, (line) => lines.push(line));
  expect(splitter.push('1234\n123')).toBe(true);
  expect(splitter.push('45')).toBe(false);
  expect(splitter.push('6\n')).toBe(true);
  expect(lines).toEqual(['1234', '6']);
});
