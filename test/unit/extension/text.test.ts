import { expect, test } from 'vitest';
import { baseName, code, commandLine, plain } from '../../../extension/views/text';
import { bytes, count, duration, rate } from '../../../server/protocol/numbers';

test.each([
  [-5, '0.0 s'],
  [449, '0.4 s'],
  [3200, '3.2 s'],
  [9999, '9.9 s'],
  [10_000, '10 s'],
  [59_999, '59 s'],
  [185_000, '3 min 05 s'],
  [7_620_000, '2 h 07 min'],
])('%i ms is %s', (ms, expected) => {
  expect(duration(ms)).toBe(expected);
});

test('numbers are exact while they are short', () => {
  expect([0, 99_999, 1_234_567].map(count)).toEqual(['0', '99999', '1.2M']);
  expect([0.46, 9.96, 119.6, 2_000_000].map(rate)).toEqual(['0.5', '10', '120', '2M']);
  expect([0, 1023, 1536, 25 * 2 ** 20].map(bytes)).toEqual(['0 B', '1023 B', '1.5 KiB', '25 MiB']);
});

test('text of the program cannot become a link, a picture, a command or an icon', () => {
  const hostile = '[x](command:evil) ![p](http://e) <b> $(zap) | `c`';
  expect(plain(hostile)).not.toMatch(/(^|[^\\])[[\]()!<>|`$]/);
  expect(plain('a\nb')).toBe('a b');
});

test.each([
  ['plain', '`plain`'],
  ['a ` b', '``a ` b``'],
  ['`x``', '``` `x`` ```'],
  ['', '`  `'],
  ['two\nlines', '`two lines`'],
])('code %j', (text, expected) => {
  expect(code(text)).toBe(expected);
});

test('a command line quotes what needs it and ends somewhere', () => {
  expect(commandLine(['python3', 'a b.py', ''])).toBe('python3 "a b.py" ""');
  expect(commandLine(['x'.repeat(400)], 10)).toBe(`${'x'.repeat(9)}…`);
});

test('the last part of a path of either kind', () => {
  expect([baseName('/a/b.py'), baseName('C:\\a\\b.py'), baseName('b.py')]).toEqual(['b.py', 'b.py', 'b.py']);
});
