import { describe, expect, test } from 'vitest';
import { payloadText, payloadTree } from '../../../../server/core/pickle/payload';
import { bytesOf, pickled } from './cpython';

const text = (bytes: Uint8Array) => payloadText({ bytes, size: bytes.length, encoding: 'pickle' });

/** Shown exactly as by Python's repr, in every protocol. */
const EXACT = [
  'None',
  'True',
  'False',
  '0',
  '-1',
  '255',
  '256',
  '65536',
  '-2**31',
  '2**31',
  '2**63',
  '-2**63',
  '2**64 - 1',
  '10**50',
  '-10**50',
  '0.0',
  '-0.0',
  '1.0',
  '0.1',
  '1e16',
  '1e15',
  '123456789012345680.0',
  '1e-4',
  '1e-5',
  '1.5e300',
  '5e-324',
  '2.5e-7',
  'float("inf")',
  'float("-inf")',
  'float("nan")',
  '100.0',
  '1e22',
  '3.141592653589793',
  '""',
  '"it\'s"',
  '\'say "hi"\'',
  "'both \\' and \"'",
  '"tab\\tnew\\nline\\r\\\\ \\x00\\x1f\\x7f"',
  '"é ü 漢字 😀"',
  '"\\u200b\\xa0\\xad\\u2028"',
  '"\\ud800"',
  '"a\\udc80b"',
  '"\\U0001d11e"',
  '"\\U000e0001"',
  'b""',
  'b"abc"',
  'b"it\'s"',
  'bytes(range(0, 60))',
  'b"\\\\ \\t"',
  '[]',
  '()',
  '{}',
  'set()',
  'frozenset()',
  '[1, [2, [3]]]',
  '(1,)',
  '(1, 2)',
  '(1, 2, 3)',
  '(1, 2, 3, 4)',
  '{1}',
  'frozenset({1})',
  '{"id": 7, "name": "x"}',
  '{(1, 2): [None]}',
  'list(range(40))',
  '[[], {}, ()]',
  '{"a": {}, "b": []}',
  'loop',
  'knot',
  'twice',
  'datetime.datetime(2024, 1, 2)',
  'datetime.datetime(2024, 1, 2, 3, 4, 5, 6)',
  'datetime.date(2024, 2, 29)',
  'datetime.time(1, 2)',
  'datetime.timedelta(0)',
  'datetime.timedelta(days=1, seconds=2)',
  'datetime.timezone.utc',
  'datetime.datetime(2024, 1, 2, tzinfo=datetime.timezone.utc)',
  'datetime.timezone(datetime.timedelta(seconds=3600))',
  'decimal.Decimal("1.50")',
  'complex(1, 2)',
  'complex(0, -1.5)',
  'range(0, 5)',
  'uuid.UUID(int=5)',
  'collections.deque([1, 2])',
  'collections.deque([1], maxlen=3)',
  'collections.Counter("aab")',
  'pathlib.PurePosixPath("/a/b")',
  'pathlib.PurePosixPath(".")',
  'bytearray(b"xy")',
  'ValueError("bad", 3)',
  'KeyError("k")',
  'int',
  'dict',
  'len',
]; // prettier-ignore

describe('simple values are shown as in Python', () => {
  for (const { source, repr, pickles } of pickled(EXACT)) {
    for (const [protocol, made] of Object.entries(pickles)) {
      test(`${source}, protocol ${protocol}`, () => expect(text(bytesOf(made))).toBe(repr));
    }
  }
});

test.each([
  ['Job(id=3, name="x")', "Job(id=3, name='x')"],
  ['Job()', 'Job()'],
  ['Slotted()', "Slotted(a=1, b='two')"],
  ['top', '<function top>'],
  ['Job', "<class 'Job'>"],
  ['collections.namedtuple', '<function collections.namedtuple>'],
  ['functools.partial(top, 1, b=2)', 'functools.partial(<function top>, 1, b=2)'],
  ['[Job(id=1)]', '[Job(id=1)]'],
  ['Point(1, 2)', 'Point(1, 2)'],
  ['(0, 1, top, (2,), {})', '(0, 1, <function top>, (2,), {})'],
])('%s is shown as %s in every protocol', (source, shown) => {
  const [made] = pickled([source]);
  const protocols = Object.entries(made?.pickles ?? {});
  expect(protocols.length).toBeGreaterThan(3);
  for (const [protocol, each] of protocols) expect(text(bytesOf(each)), `protocol ${protocol}`).toBe(shown);
});

test('a fold is shown from protocol 4 on', () => {
  const [made] = pickled(['datetime.datetime(2024, 1, 2, 3, 4, fold=1)']);
  expect(text(bytesOf(made?.pickles['4'] ?? ''))).toBe('datetime.datetime(2024, 1, 2, 3, 4, fold=1)');
});

describe('the tree', () => {
  const tree = (source: string) => {
    const bytes = bytesOf(pickled([source])[0]?.pickles['4'] ?? '');
    return payloadTree({ bytes, size: bytes.length, encoding: 'pickle' });
  };
  test('names keys, indices and attributes', () => {
    expect(tree('{"a": [1, None], 2: Job(id=3)}')).toEqual({
      type: 'dict',
      name: '',
      text: "{'a': [1, None], 2: Job(id=3)}",
      children: [
        {
          type: 'list',
          name: "'a'",
          text: '[1, None]',
          children: [
            { type: 'int', name: '0', text: '1' },
            { type: 'NoneType', name: '1', text: 'None' },
          ],
        },
        { type: 'Job', name: '2', text: 'Job(id=3)', children: [{ type: 'int', name: 'id', text: '3' }] },
      ],
    });
  });
  test('does not expand a value inside itself', () => {
    expect(tree('loop').children).toEqual([{ type: 'list', name: '0', text: '[...]' }]);
  });
  test('gives the number of omitted members', () => {
    const children = tree('list(range(1000))').children ?? [];
    expect(children).toHaveLength(201);
    expect(children.at(-1)).toEqual({ type: '…', name: '', text: '… (800)' });
  });
  test('shows a long string that the short text truncates', () => {
    const made = tree('{"t": "x" * 1000}');
    expect(made.text.length).toBeLessThan(130);
    expect(made.children?.[0]?.text).toBe(`'${'x'.repeat(1000)}'`);
  });
});
