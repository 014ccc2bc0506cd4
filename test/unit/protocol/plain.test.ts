/** Text of programs on terminals: none of it acts as a control sequence or forges a line. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { details } from '../../../server/cli/text';
import { columns, fitting, plain, plainJson, plainLines, stackLines } from '../../../server/protocol/plain';
import type { Report } from '../../../server/protocol/report';

const OBEYED = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}|[\u{e0000}-\u{e007f}]/u;
const anyText = fc.string({ unit: 'binary', maxLength: 60 });
const units = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 })
  .map((each) => String.fromCharCode(...each));

test.each([
  ['\x1b]0;TITLE\x07', '\\x1b]0;TITLE\\x07'],
  ['\x1b]52;c;ZXZpbA==\x07\x1b[2J', '\\x1b]52;c;ZXZpbA==\\x07\\x1b[2J'],
  ['a\nforkscope: error: forged\r\tb', 'a\\nforkscope: error: forged\\r\\tb'],
  ['\x9b31m\x7f\x85', '\\x9b31m\\x7f\\x85'],
  ['\u202egnp.exe\u2066\u200f\u061c\u2028', '\\u202egnp.exe\\u2066\\u200f\\u061c\\u2028'],
  ['half \ud83d of a pair', 'half \\ud83d of a pair'],
  ['tag \u{e0041}', 'tag \\U000e0041'],
  ['naïve 日本 👩‍👩‍👧 – “ok”', 'naïve 日本 👩‍👩‍👧 – “ok”'],
])('%j', (text, shown) => expect(plain(text)).toBe(shown));

test('no text acts as a control sequence, and lines are ours', () => {
  fc.assert(
    fc.property(fc.oneof(anyText, units), (text) => {
      expect(plain(text)).not.toMatch(OBEYED);
      const lines = plainLines([text, text]);
      expect(lines.split('\n')).toEqual([plain(text), plain(text), '']);
    }),
  );
});

test('JSON stays the same JSON', () => {
  fc.assert(
    fc.property(fc.oneof(anyText, units), (text) => {
      for (const indent of [0, 2]) {
        const json = plainJson({ [text]: [text, 1] }, indent);
        expect(json.replaceAll('\n', '')).not.toMatch(OBEYED);
        expect(JSON.parse(json)).toEqual({ [text]: [text, 1] });
        expect(json.split('\n').length).toBe(JSON.stringify({ [text]: [text, 1] }, null, indent).split('\n').length);
      }
    }),
  );
});

test('a prefix fits into the available columns', () => {
  expect(fitting('abcdef', 3)).toBe('abc');
  expect(fitting('日本語', 5)).toBe('日本');
  expect(fitting('a👩b', 2)).toBe('a');
  fc.assert(
    fc.property(anyText, fc.integer({ min: 0, max: 40 }), (text, most) => {
      const shown = fitting(text, most);
      expect(text.startsWith(shown)).toBe(true);
      expect(columns(shown)).toBeLessThanOrEqual(most);
    }),
  );
});

test("of an error only the stack's lines are lines", () => {
  const error = new Error('one\nforkscope: two');
  error.stack = `Error: ${error.message}\n    at f (x.js:1:1)\n    at g (y.js:1:1)`;
  expect(stackLines(error.stack).map(plain)).toEqual([
    'Error: one\\nforkscope: two',
    '    at f (x.js:1:1)',
    '    at g (y.js:1:1)',
  ]);
});

test('a report has exactly its declared number of lines, whatever the names', () => {
  const name = 'evil\x1b]0;P\x07\nforkscope: error: forged [deadlock]\u202e';
  const line = { file: `/tmp/${name}.py`, line: 1, function: name };
  const of = (text: string): Report =>
    ({
      session: { command: [text], startedAt: '', durationMs: 1, exitCode: 0, python: text, dropped: 0 },
      processes: [
        { id: 'p1', parentId: null, pid: 1, name: text, origin: 'fork', state: 'running', signal: null, line },
      ],
      channels: [
        {
          owner: 'user',
          kind: 'Queue',
          name: text,
          capacity: 0,
          puts: 0,
          gets: 0,
          depth: 0,
          depthMax: 0,
          outcomes: {},
        },
      ],
      pools: [],
      messages: { count: 0, matched: 0, unmatchedSends: 0 },
      findings: [
        {
          code: 'x',
          severity: 'error',
          message: text,
          advice: text,
          lines: [line],
          captions: [{ text, process: null }],
        },
      ],
    }) as unknown as Report;
  const shown = details(of(name), [name]);
  expect(shown.split('\n').length).toBe(details(of('name'), ['name']).split('\n').length);
  expect(shown.replaceAll('\n', '')).not.toMatch(OBEYED);
});
