import { describe, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { difference, LineTracker } from '../../../../server/lsp/language/lines';

/** Edits a text and its tracker alike. */
function editor(text: string) {
  let document = TextDocument.create('file:///a.py', 'python', 0, text);
  const tracker = new LineTracker();
  return {
    tracker,
    lines: () => document.getText().split('\n'),
    put(line: number, character: number, endLine: number, endCharacter: number, by: string) {
      const range = { start: { line, character }, end: { line: endLine, character: endCharacter } };
      const first = document.getText({ start: { line, character: 0 }, end: range.start });
      tracker.edit(range, by, first);
      document = TextDocument.update(document, [{ range, text: by }], document.version + 1);
    },
  };
}

describe('lines of an edited text', () => {
  const numbers = Array.from({ length: 12 }, (_, index) => `    line ${index}`).join('\n');

  test('a line inserted above moves those below', () => {
    const { tracker, put } = editor(numbers);
    put(3, 0, 3, 0, 'new\n');
    expect([2, 3, 4].map((line) => tracker.now(line, 0))).toEqual([2, 4, 5]);
  });

  test('Return at the end of a line leaves it in place, and in its indentation moves it', () => {
    const { tracker, put } = editor(numbers);
    put(3, 10, 3, 10, '\n');
    expect([3, 4].map((line) => tracker.now(line, 0))).toEqual([3, 5]);
    put(3, 4, 3, 4, '\n');
    expect([3, 4].map((line) => tracker.now(line, 0))).toEqual([4, 6]);
  });

  test('a deleted line is gone, one joined to another is kept', () => {
    const { tracker, put } = editor(numbers);
    put(5, 0, 6, 0, '');
    expect([4, 5, 6].map((line) => tracker.now(line, 0))).toEqual([4, null, 5]);
    put(1, 10, 2, 4, ' ');
    expect([1, 2, 3].map((line) => tracker.now(line, 0))).toEqual([1, 1, 2]);
  });

  test('edits before a mark do not count, and those after it can be undone', () => {
    const { tracker, put } = editor(numbers);
    put(0, 0, 0, 0, 'a\nb\n');
    const { mark } = tracker;
    put(0, 0, 0, 0, 'c\n');
    expect([tracker.now(4, 0), tracker.now(4, mark)]).toEqual([7, 5]);
    tracker.backTo(mark);
    expect([tracker.now(4, 0), tracker.now(4, mark)]).toEqual([6, 4]);
  });

  test('a remaining line is found at its place after any edits', () => {
    let seed = 11;
    const random = (n: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % n;
    };
    for (let round = 0; round < 40; round++) {
      const { tracker, put, lines } = editor(numbers);
      for (let turn = 0; turn < 25; turn++) {
        // Whole lines are inserted and deleted, as in most edits of a program.
        const count = lines().length;
        const from = random(count);
        const to = Math.min(count - 1, from + random(3));
        put(from, 0, to, 0, Array.from({ length: random(3) }, () => 'new\n').join(''));
      }
      for (let line = 0; line < 12; line++) {
        const at = tracker.now(line, 0);
        const found = lines().indexOf(`    line ${line}`);
        expect(at ?? -1).toBe(found);
      }
    }
  });

  test('the difference of two texts is the smallest replacement', () => {
    expect(difference('a\nb\nc', 'a\nx\nb\nc')).toEqual({ start: 2, end: 2, text: 'x\n' });
    expect(difference('same', 'same')).toEqual({ start: 4, end: 4, text: '' });
    expect(difference('aaa', 'aa')).toEqual({ start: 2, end: 3, text: '' });
  });
});
