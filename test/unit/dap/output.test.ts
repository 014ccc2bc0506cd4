import { PassThrough, Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { OutputPump } from '../../../server/dap/output';

/** Records what was sent; `open` completes the next wait for readiness. */
function slowSink() {
  const sent: [string, string][] = [];
  const gates: (() => void)[] = [];
  return {
    sent,
    gates,
    send: (category: string, text: string) => void sent.push([category, text]),
    ready: () => new Promise<void>((resolve) => gates.push(resolve)),
  };
}

const eager = () => {
  const sink = slowSink();
  return { ...sink, ready: async () => {} };
};

test('a character split across two chunks stays intact', async () => {
  const sink = eager();
  const stream = new PassThrough();
  const read = new OutputPump(sink).read(stream, 'stdout');
  for (const byte of Buffer.from('a😀é\n')) {
    stream.write(Buffer.of(byte));
  }
  stream.end();
  await read;
  expect(sink.sent.map(([, text]) => text).join('')).toBe('a😀é\n');
});

test('bytes that are not UTF-8, and half a character at the end, are marked without losing anything else', async () => {
  const sink = eager();
  const stream = new PassThrough();
  const read = new OutputPump(sink).read(stream, 'stdout');
  stream.end(Buffer.from([0x61, 0xff, 0x62, 0xe2, 0x82]));
  await read;
  expect(sink.sent.map(([, text]) => text).join('')).toBe('a\uFFFDb\uFFFD');
});

test('small pieces are sent together', async () => {
  const sink = eager();
  const stream = new PassThrough();
  const read = new OutputPump(sink).read(stream, 'stdout');
  for (let i = 0; i < 1000; i += 1) {
    stream.write('x');
  }
  stream.end();
  await read;
  expect(sink.sent).toEqual([['stdout', 'x'.repeat(1000)]]);
});

test('the order of the two streams is preserved', async () => {
  const sink = eager();
  const pump = new OutputPump(sink);
  const out = new PassThrough();
  const err = new PassThrough();
  const reads = [pump.read(out, 'stdout'), pump.read(err, 'stderr')];
  out.write('1');
  await expect.poll(() => pump.received).toBe(1);
  err.write('2');
  await expect.poll(() => pump.received).toBe(2);
  out.end('3');
  await expect.poll(() => pump.received).toBe(3);
  err.end();
  await Promise.all(reads);
  expect(sink.sent).toEqual([
    ['stdout', '1'],
    ['stderr', '2'],
    ['stdout', '3'],
  ]);
});

test('reading stops while the receiver is not ready, and continues once it is', async () => {
  const sink = slowSink();
  const pump = new OutputPump(sink);
  const piece = Buffer.alloc(32 * 1024, 'x');
  let left = 100;
  const stream = new Readable({
    highWaterMark: piece.length,
    read() {
      left -= 1;
      this.push(left >= 0 ? piece : null);
    },
  });
  const read = pump.read(stream, 'stdout');
  await expect.poll(() => sink.sent.length).toBe(1);
  // Everything pending runs within a few turns of the event loop, and nothing changes.
  for (let turn = 0; turn < 50; turn += 1) {
    await new Promise(setImmediate);
  }
  expect(pump.received).toBeLessThanOrEqual(4 * piece.length);
  expect(sink.sent).toHaveLength(1);
  const all = setInterval(() => sink.gates.shift()?.(), 1);
  await read;
  clearInterval(all);
  expect(sink.sent.reduce((sum, [, text]) => sum + text.length, 0)).toBe(100 * piece.length);
});
