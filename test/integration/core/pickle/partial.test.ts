/** The head of a payload shows what was recorded, and that there was more. */
import { describe, expect, test } from 'vitest';
import { payloadText, payloadTree } from '../../../../server/core/pickle/payload';
import { bytesOf, pickled } from './cpython';

function head(source: string, upTo: string): { text: string; type: string } {
  const whole = bytesOf(pickled([source])[0]?.pickles['4'] ?? '');
  const at = Buffer.from(whole).indexOf(upTo, 0, 'latin1') + upTo.length;
  const payload = { bytes: whole.subarray(0, at), size: whole.length, encoding: 'pickle' as const };
  return { text: payloadText(payload), type: payloadTree(payload).type };
}

test.each([
  ['{"id": 7, "name": "abcdefgh", "z": 1}', 'abcd', "{'id': 7, 'name': 'abcd'…, …}", 'dict'],
  ['{"id": 7, "name": "abcdefgh", "z": 1}', 'name', "{'id': 7, 'name': …, …}", 'dict'],
  ['[10, "abcdefgh", 20]', 'abcd', "[10, 'abcd'…, …]", 'list'],
  ['(10, "abcdefgh", 20, 30)', 'abcd', "(10, 'abcd'…, …)", 'tuple'],
  ['[1, [2, "abcdefgh"], 3]', 'abcd', "[1, [2, 'abcd'…, …], …]", 'list'],
  ['Job(id=3, name="abcdefgh")', 'abcd', "Job(id=3, name='abcd'…, …)", 'Job'],
  ['Job(id=3, inner=[1, "abcdefgh"])', 'abcd', "Job(id=3, inner=[1, 'abcd'…, …], …)", 'Job'],
  ['"abcdefgh"', 'abcd', "'abcd'…", 'str'],
  ['b"abcdefgh" * 40', 'abcdefghabcd', "b'abcdefghabcd'…", 'bytes'],
  ['(0, 1, top, ("abcdefgh", 2, 3, 4), {})', 'abcd', "(0, 1, <function top>, ('abcd'…, …), …)", 'tuple'],
])('%s up to %s', (source, upTo, text, type) => {
  expect(head(source, upTo)).toEqual({ text, type });
});

test('a character is never cut in the middle', () => {
  const whole = bytesOf(pickled(['"aé漢😀" * 5'])[0]?.pickles['4'] ?? '');
  for (let length = 14; length < whole.length; length++) {
    const shown = payloadText({ bytes: whole.subarray(0, length), size: whole.length, encoding: 'pickle' });
    expect(shown).not.toContain('\ufffd');
  }
});

describe('not a pickle', () => {
  const bytes = Buffer.from('hello\x00\xff', 'latin1');
  test('raw bytes are shown as bytes', () => {
    expect(payloadText({ bytes, size: bytes.length, encoding: 'raw' })).toBe("b'hello\\x00\\xff'");
    expect(payloadText({ bytes, size: 100, encoding: 'raw' })).toBe("b'hello\\x00\\xff'…");
    expect(payloadTree({ bytes, size: bytes.length, encoding: 'raw' })).toEqual({
      type: 'bytes',
      name: '',
      text: "b'hello\\x00\\xff'",
    });
  });
  test('bytes that are not a pickle are shown as bytes', () => {
    expect(payloadText({ bytes, size: bytes.length, encoding: 'pickle' })).toBe("b'hello\\x00\\xff'");
  });
  test('nothing recorded, or recycled', () => {
    expect(payloadText({ bytes: new Uint8Array(), size: 9, encoding: 'pickle' })).toBe('…');
    expect(payloadText({ bytes: new Uint8Array(), size: 9, encoding: 'gone' })).toBe('…');
    expect(payloadText({ bytes: new Uint8Array(), size: 0, encoding: 'raw' })).toBe("b''");
  });
  test('placeholders for external references', () => {
    const show = (text: string) =>
      payloadText({ bytes: Buffer.from(text, 'latin1'), size: text.length, encoding: 'pickle' });
    expect(show('Pabc\n.')).toBe("<persistent id 'abc'>");
    expect(show('\x80\x02\x82\x07.')).toBe('<extension 7>');
    expect(show('\x80\x05\x97\x98.')).toBe('<buffer 0>');
  });
});
