/** The reader of DAP streams: every spelling that the protocol allows, and an end with a reason for anything else. */
import { describe, expect, test } from 'vitest';
import { FrameReader } from '../../../../server/debug/debugpy/frames';

function reader() {
  const messages: string[] = [];
  const broken: string[] = [];
  const read = new FrameReader({
    message: (text) => messages.push(text),
    broken: (reason) => broken.push(reason),
  });
  return { read, messages, broken };
}

describe('messages', () => {
  test.each([
    'Content-Length: 6\r\n\r\n{"ä"}',
    'content-length: 6\r\n\r\n{"ä"}',
    'CONTENT-LENGTH:6\r\n\r\n{"ä"}',
    'Content-Length : 6 \r\n\r\n{"ä"}',
    'Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: 6\r\n\r\n{"ä"}',
    'Content-Length: 6\r\nContent-Type: x\r\n\r\n{"ä"}',
    'Content-Length: 6\n\n{"ä"}',
    '\r\n\r\nContent-Length: 6\r\n\r\n{"ä"}',
  ])('%j is read: at once, byte by byte and twice', (text) => {
    const bytes = Buffer.from(text);
    const { read, messages, broken } = reader();
    read.push(bytes);
    for (const byte of bytes) read.push(Buffer.from([byte]));
    read.push(Buffer.concat([bytes, bytes]));
    expect([messages, broken, read.isBetween]).toEqual([['{"ä"}', '{"ä"}', '{"ä"}', '{"ä"}'], [], true]);
  });

  test('an empty one is valid', () => {
    const { read, messages } = reader();
    read.push(Buffer.from('Content-Length: 0\r\n\r\n'));
    expect(messages).toEqual(['']);
  });

  test('a large one in small pieces takes linear time', () => {
    const { read, messages } = reader();
    const size = 48 * 2 ** 20;
    read.push(Buffer.from(`Content-Length: ${size}\r\n\r\n`));
    const piece = Buffer.alloc(2 ** 13, 0x20);
    const begun = performance.now();
    for (let sent = 0; sent < size; sent += piece.length) read.push(piece);
    expect(messages[0]?.length).toBe(size);
    // Copying the buffer for each of the 6,144 pieces would move 147 GB.
    expect(performance.now() - begun).toBeLessThan(10_000);
  });
});

describe('invalid messages', () => {
  test.each([
    ['words', 'hello world\r\n', /"hello w.*" is no header/],
    ['a message without headers', '{"seq":1}', /is no header/],
    ['a space in a name', 'Content Length: 5', /is no header/],
    ['bytes', '\0\x01\x02', /is no header/],
    ['no length', 'Content-Type: x\r\n\r\n', /no Content-Length/],
    ['a negative length', 'Content-Length: -5\r\n', /no length/],
    ['half a number', 'Content-Length: 5x\r\n', /no length/],
    ['an empty length', 'Content-Length:\r\n', /no length/],
    ['a length beyond all memory', 'Content-Length: 99999999999999999999\r\n', /no length/],
    ['an endless header', `X: ${'y'.repeat(9000)}`, /no end/],
    ['endless headers', 'X: y\r\n'.repeat(2000), /no end/],
    ['a length that is too short', 'Content-Length: 2\r\n\r\n{} and more', /is no header/],
  ])('%s end reading with the reason, once', (_what, text, reason) => {
    for (const size of [1, 10_000]) {
      const { read, broken, messages } = reader();
      const bytes = Buffer.from(text, 'latin1');
      for (let at = 0; at < bytes.length; at += size) read.push(bytes.subarray(at, at + size));
      read.push(Buffer.from('Content-Length: 2\r\n\r\n{}'));
      expect(broken).toEqual([expect.stringMatching(reason)]);
      expect(messages).toEqual(text.includes('{} ') ? ['{}'] : []);
    }
  });

  test.each(['Content-Le', 'Content-Length: 3\r\n', 'Content-Length: 3\r\n\r\n', 'Content-Length: 3\r\n\r\n{}'])(
    'a stream that ends after %j ends in a message',
    (text) => {
      const { read, broken } = reader();
      read.push(Buffer.from(text));
      expect([read.isBetween, broken]).toEqual([false, []]);
    },
  );
});
