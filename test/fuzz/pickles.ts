/** Invalid pickles: programs of opcodes, mutations of real ones, small ones that would expand enormously. */
import fc from 'fast-check';
import { payloadText, payloadTree } from '../../server/core/pickle/payload';
import type { PayloadNode } from '../../server/protocol/views';
import type { Target } from './target';

const byte = fc.integer({ min: 0, max: 255 });
const ascii = (text: string): number[] => [...Buffer.from(text, 'latin1')];
const little = (value: number, size: number): number[] => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, BigInt(Math.trunc(value))));
  return [...bytes.subarray(0, size)];
};

/** Lengths and memo numbers: mostly small, occasionally wrong. */
const number = fc.oneof(
  { weight: 6, arbitrary: fc.nat(12) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(127, 128, 255, 256, 65535, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 53, 2 ** 63),
  },
);
const word = fc.constantFrom(
  'builtins',
  '__builtin__',
  'copyreg',
  'copy_reg',
  '_reconstructor',
  '__newobj__',
  '_codecs',
  'encode',
  'latin1',
  'collections',
  'deque',
  'OrderedDict',
  'datetime',
  'timedelta',
  'date',
  'numpy',
  'numpy.core.multiarray',
  '_reconstruct',
  '_frombuffer',
  'dtype',
  'scalar',
  'f8',
  'i4',
  'uuid',
  'UUID',
  'int',
  'functools',
  'partial',
  'pathlib',
  'PosixPath',
  'getattr',
  'set',
  'frozenset',
  'bytes',
  'bytearray',
  'range',
  'complex',
  'object',
  'tuple',
  'os',
  'system',
  'posix',
  'eval',
  '__proto__',
  'constructor',
  'toString',
  'decimal',
  'Decimal',
  'fractions',
  'Fraction',
  '',
  '\ud800',
  'ä\n',
  "'",
  '-1',
  '1e999',
  '0x10',
  'nan',
); // prettier-ignore

const line = fc.oneof(word, fc.string({ maxLength: 8 }), fc.integer().map(String)).map((text) => [...ascii(text), 10]);
const sized = (code: number, width: number) =>
  fc.tuple(fc.oneof(word, fc.string({ maxLength: 20 })), fc.option(number, { freq: 12 })).map(([text, lie]) => {
    const bytes = [...Buffer.from(text)];
    return [code, ...little(lie ?? bytes.length, width), ...bytes];
  });
const plain = fc.constantFrom(
  ...ascii('().NRbcdegijlostu]}aq\x81\x85\x86\x87\x88\x89\x8f\x90\x91\x92\x93\x94\x95\x97\x980123Q'),
);

const instruction: fc.Arbitrary<readonly number[]> = fc.oneof(
  { weight: 8, arbitrary: plain.map((code) => [code]) },
  { weight: 3, arbitrary: fc.constantFrom('(', ')', ']', '}', 'N', '\x8f', '(t', '0', '2').map(ascii) },
  { weight: 3, arbitrary: sized(0x8c, 1) },
  { weight: 1, arbitrary: sized(0x58, 4) },
  { weight: 1, arbitrary: sized(0x8d, 8) },
  { weight: 1, arbitrary: sized(0x43, 1) },
  { weight: 1, arbitrary: sized(0x42, 4) },
  { weight: 1, arbitrary: sized(0x8e, 8) },
  { weight: 1, arbitrary: sized(0x96, 8) },
  { weight: 1, arbitrary: sized(0x8a, 1) },
  { weight: 1, arbitrary: sized(0x8b, 4) },
  { weight: 1, arbitrary: sized(0x54, 4) },
  { weight: 2, arbitrary: number.map((value) => [0x4b, value & 255]) },
  { weight: 1, arbitrary: number.map((value) => [0x4a, ...little(value, 4)]) },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 8, maxLength: 8 }).map((bytes) => [0x47, ...bytes]) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom(0x68, 0x71), fc.nat(8)).map(([code, at]) => [code, at]) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(0x6a, 0x72), number).map(([code, at]) => [code, ...little(at, 4)]) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...ascii('IFLSVPgp')), line).map(([code, text]) => [code, ...text]),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom(...ascii('ci')), word, word)
      .map(([code, a, b]) => [code, ...ascii(`${a}\n${b}\n`)]),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(0x82, 0x83, 0x84, 0x95, 0x80), fc.uint8Array({ maxLength: 8 }))
      .map(([code, rest]) => [code, ...rest]),
  },
); // prettier-ignore

const program = fc
  .array(instruction, { minLength: 1, maxLength: 60 })
  .map((parts) => Uint8Array.from([0x80, 4, ...parts.flat(), 0x2e]));

/** A few opcodes, many times: depth, width, doubling through the memo. */
const bomb = fc
  .tuple(
    fc.array(instruction, { maxLength: 4 }),
    fc.array(instruction, { minLength: 1, maxLength: 4 }),
    fc.nat(3000),
    fc.array(instruction, { maxLength: 4 }),
  )
  .map(([head, unit, times, tail]) => {
    const once = unit.flat();
    const count = Math.min(times, Math.floor(30_000 / Math.max(1, once.length)));
    return Uint8Array.from([...head.flat(), ...Array.from({ length: count }, () => once).flat(), ...tail.flat(), 0x2e]);
  });

export const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  how: fc.constantFrom('set', 'flip', 'insert', 'delete', 'repeat', 'cut'),
  value: byte,
  length: fc.nat(16),
});
export type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

/** Real bytes after some edits. */
export function edited(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array {
  let now = Buffer.from(bytes);
  for (const { at, how, value, length } of edits) {
    const from = Math.min(now.length - 1, Math.floor(at * now.length));
    if (from < 0) break;
    if (how === 'set') now[from] = value;
    else if (how === 'flip') now[from] = (now[from] as number) ^ (1 << (value & 7));
    else if (how === 'cut') now = now.subarray(0, from);
    else {
      const part = now.subarray(from, from + length);
      const middle =
        how === 'insert'
          ? Buffer.alloc(length, value)
          : how === 'repeat'
            ? Buffer.concat([part, part])
            : Buffer.alloc(0);
      now = Buffer.concat([now.subarray(0, from), middle, now.subarray(from + (how === 'insert' ? 0 : part.length))]);
    }
  }
  return new Uint8Array(now);
} // prettier-ignore

function measure(node: PayloadNode, depth: number, sum: { nodes: number; characters: number }): void {
  sum.nodes += 1;
  sum.characters += node.text.length + node.name.length + node.type.length;
  if (depth > 40) throw new Error('the tree is too deep');
  for (const child of node.children ?? []) measure(child, depth + 1, sum);
}

/** The display of any payload is bounded. */
export function checkPickle(bytes: Uint8Array, size = bytes.length): void {
  const shown = payloadText({ bytes, size, encoding: 'pickle' });
  if (shown.length === 0 || shown.length > 201) throw new Error(`a text of ${shown.length} characters`);
  const sum = { nodes: 0, characters: 0 };
  measure(payloadTree({ bytes, size, encoding: 'pickle' }), 0, sum);
  if (sum.nodes > 5000 || sum.characters > 1e6) throw new Error(`${sum.nodes} nodes, ${sum.characters} characters`);
}

export const pickles: Target<Uint8Array> = {
  name: 'pickles',
  share: 0.7,
  inputs: (seeds) =>
    fc.oneof(
      { weight: 5, arbitrary: program },
      {
        weight: 4,
        arbitrary: fc
          .tuple(fc.constantFrom(...seeds), fc.array(edit, { minLength: 1, maxLength: 6 }))
          .map(([bytes, edits]) => edited(bytes, edits)),
      },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
      { weight: 1, arbitrary: bomb },
    ), // prettier-ignore
  bytes: (input) => input,
  async check(input) {
    checkPickle(input);
    checkPickle(input, input.length + 1000);
  },
};
