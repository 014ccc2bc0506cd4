import { expect, test } from 'vitest';
import { checkedFindings } from '../../../../server/engine/recording/keptFindings';
import type { Finding } from '../../../../server/protocol/views';

const finding: Finding = {
  id: 'deadlock-1',
  code: 'deadlock',
  severity: 'error',
  message: 'They wait.',
  advice: 'Do not.',
  processes: ['p1'],
  channels: ['c1'],
  lines: [{ line: { file: '/x.py', line: 3, function: '' }, caption: 'here', processId: null }],
  sinceMs: 12.5,
  over: true,
};

test('findings of a recording are well-formed, or none is used', () => {
  expect(checkedFindings([])).toEqual([]);
  expect(checkedFindings([finding])).toEqual([finding]);
  const line = finding.lines[0];
  const wrong: unknown[] = [
    null,
    {},
    'x',
    [null],
    [{}],
    [{ ...finding, code: 'x' }],
    [{ ...finding, severity: 'fatal' }],
    [{ ...finding, message: 7 }],
    [{ ...finding, processes: [1] }],
    [{ ...finding, channels: 'c1' }],
    [{ ...finding, sinceMs: Number.NaN }],
    [{ ...finding, over: 1 }],
    [{ ...finding, lines: [{ ...line, line: null }] }],
    [{ ...finding, lines: [{ ...line, line: { file: '/x', line: -1, function: '' } }] }],
    [{ ...finding, lines: [{ ...line, caption: null }] }],
    [{ ...finding, lines: [{ ...line, processId: 1 }] }],
    Array.from({ length: 201 }, () => finding),
  ];
  for (const each of wrong) expect(checkedFindings(each)).toBeNull();
});

const { message: _message, advice: _advice, ...about } = finding as Extract<Finding, { message: string }>;
const facts = {
  ...about,
  code: 'pool-not-closed',
  params: { process: { id: 'p1', name: 'main', pid: 7 }, pool: 'pool' },
} satisfies Finding;
const line = facts.lines[0] as Finding['lines'][number];

test('findings are kept as facts, of which their sentences can be made', () => {
  const caption = { kind: 'pool created', pool: 'pool' } as const;
  const whole: Finding = { ...facts, lines: [{ ...line, caption }] };
  expect(checkedFindings(JSON.parse(JSON.stringify([whole])))).toEqual([whole]);
});

test.each<[string, unknown]>([
  ['params of another code', { ...facts, code: 'deadlock' }],
  ['params that are none', { ...facts, params: [] }],
  ['params that lack something', { ...facts, params: { pool: 'pool' } }],
  ['a kind that does not exist', { ...facts, code: 'dead-lock-owner', params: { kind: 'x', waiters: [] } }],
  [
    'a caption that does not exist',
    { ...facts, lines: [{ ...line, caption: { kind: 'x', process: facts.params.process } }] },
  ],
  ['neither params nor sentences', { ...about, code: 'pool-not-closed' }],
])('rejects all with %s', (_name, each) => {
  expect(checkedFindings([each])).toBeNull();
});
