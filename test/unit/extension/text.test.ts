import { expect, test } from 'vitest';
import { code, commandLine, plain } from '../../../extension/views/text';

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

test('a command line is quoted where necessary and bounded', () => {
  expect(commandLine(['python3', 'a b.py', ''])).toBe('python3 "a b.py" ""');
  expect(commandLine(['x'.repeat(400)], 10)).toBe(`${'x'.repeat(9)}…`);
});
