/** A pipe may contain anything: no bytes may raise, hang, or amplify a small input. */
import { describe, expect, test } from 'vitest';
import { decodePickle } from '../../../../server/core/pickle/machine';
import { payloadText, payloadTree } from '../../../../server/core/pickle/payload';
import type { PayloadNode } from '../../../../server/protocol/views';
import { bytesOf, pickled } from './cpython';

function measure(node: PayloadNode): { nodes: number; depth: number; longest: number } {
  let [nodes, depth, longest] = [1, 1, node.text.length];
  for (const child of node.children ?? []) {
    const inner = measure(child);
    nodes += inner.nodes;
    depth = Math.max(depth, inner.depth + 1);
    longest = Math.max(longest, inner.longest);
  }
  return { nodes, depth, longest };
}

function expectBounded(bytes: Uint8Array, size = bytes.length): void {
  const begun = performance.now();
  const shown = payloadText({ bytes, size, encoding: 'pickle' });
  const tree = measure(payloadTree({ bytes, size, encoding: 'pickle' }));
  expect(shown.length).toBeLessThanOrEqual(201);
  expect(shown.length).toBeGreaterThan(0);
  expect(tree.nodes).toBeLessThan(5000);
  expect(tree.depth).toBeLessThan(40);
  expect(tree.longest).toBeLessThan(4100);
  expect(performance.now() - begun).toBeLessThan(2000);
}

/** A small seeded generator, so that a failure can be reproduced. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const SAMPLES = pickled([
  '{"id": 7, "name": "x", "tags": ["a", "b"], "when": datetime.datetime(2024, 1, 2), "raw": b"\\x00" * 40}',
  '[Job(id=n, of=Job()) for n in range(5)]',
  '[loop, knot, twice, {1, 2}, frozenset({3}), 2**70, -1.5]',
  '(top, functools.partial(top, 1), collections.OrderedDict(a=1), Point(1, 2), uuid.UUID(int=7), Color.RED)',
]); // prettier-ignore
const PICKLES = SAMPLES.flatMap(({ pickles }) => Object.values(pickles).map(bytesOf));

test('every truncated head of real pickles gives bounded text that is marked as truncated', () => {
  for (const whole of PICKLES) {
    for (let length = 0; length < whole.length; length++) {
      expectBounded(whole.subarray(0, length), whole.length);
      if (length > 2)
        expect(payloadText({ bytes: whole.subarray(0, length), size: whole.length, encoding: 'pickle' })).toContain(
          '…',
        );
    }
  }
});

test('mutated pickles', () => {
  const next = random(11);
  for (let round = 0; round < 4000; round++) {
    const bytes = PICKLES[Math.floor(next() * PICKLES.length)]?.slice() ?? new Uint8Array();
    for (let change = 1 + Math.floor(next() * 4); change > 0; change--)
      bytes[Math.floor(next() * bytes.length)] = Math.floor(next() * 256);
    expectBounded(bytes, bytes.length + (round % 2));
  }
});

test('random opcodes', () => {
  const next = random(12);
  const opcodes = [...'().NIJKMLFGSUTXVBC]}l2tdaesubciopqrghjRQP0123'].map((each) => each.charCodeAt(0));
  for (let code = 0x80; code <= 0x98; code++) opcodes.push(code);
  for (let round = 0; round < 4000; round++) {
    const bytes = Uint8Array.from({ length: Math.floor(next() * 120) }, () =>
      next() < 0.8 ? (opcodes[Math.floor(next() * opcodes.length)] as number) : Math.floor(next() * 256),
    );
    expectBounded(bytes);
  }
});

describe('designed to hurt', () => {
  const code = (...parts: (string | number | readonly number[])[]): Uint8Array =>
    new Uint8Array(parts.flatMap((each) => (typeof each === 'string' ? [...Buffer.from(each, 'latin1')] : each)));
  const huge = 30_000;
  test.each<[string, Uint8Array]>([
    ['nested lists', code(']'.repeat(huge), 'a'.repeat(huge - 1), '.')],
    ['nested marks', code('('.repeat(huge), '.')],
    ['nested tuples', code(')', '\x85'.repeat(huge), '.')],
    ['a tuple of twice the one before, over and over', code(')', '2\x86'.repeat(60), '.')],
    ['a wide list, many times', code(']q\0(', 'N'.repeat(8000), 'e', '(', 'h\0'.repeat(8000), 't.')],
    ['a dictionary in itself, as key and value', code('}q\0h\0h\0s.')],
    ['an object whose state is itself', code('cm\nC\n)R2b.')],
    ['an object called with itself', code(']q\0cm\nC\nh\0R.')],
    ['a tuple that contains itself through a list', code(']q\0h\0\x85q\x01ah\x01.')],
    ['a string of 2^63 bytes', code(0x80, 5, 0x8d, [255, 255, 255, 255, 255, 255, 255, 127], 'abc')],
    ['bytes of a negative length', code('T', [255, 255, 255, 255], 'abc')],
    ['a memo index of a billion', code('N', 'r', [0, 202, 154, 59], 'j', [0, 202, 154, 59], '.')],
    ['an endless line', code('V', 'x'.repeat(huge))],
    ['an integer of many bytes', code(0x8b, [0x20, 0x4e, 0, 0], '\x7f'.repeat(20_000), '.')],
    ['names of objects of JavaScript', code('c__proto__\nconstructor\n)R}U\x09__proto__Nsb.')],
    ['numbers that are none', code('Iabc\n.')],
    ['an array of an unknown type', code('cnumpy.core.multiarray\n_reconstruct\n)R(NNNNNtb.')],
  ])('%s', (_name, bytes) => {
    expectBounded(bytes);
    expectBounded(bytes, bytes.length + 1000);
  });

  test('data after the end of a pickle is not read', () => {
    expect(decodePickle(code('K\x07.', 'junk')).end).toBe('whole');
  });
});
