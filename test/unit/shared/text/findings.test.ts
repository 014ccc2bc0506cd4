/** Every sentence of every finding, in English and in Chinese. */
import { afterEach, describe, expect, test } from 'vitest';
import type { FindingFacts } from '../../../../server/protocol/findingParams';
import { FINDING_CODES } from '../../../../server/protocol/views';
import { callText } from '../../../../server/shared/text/calls';
import { captionText } from '../../../../server/shared/text/captions';
import { findingText } from '../../../../server/shared/text/findings';
import { inEnglish, useBundle } from '../../../../server/shared/text/language';
import { chinese, madeWith, untranslated } from './bundles';
import { alpha, beta, CALLS, CAPTIONS, FACTS, get, queue } from './samples';

afterEach(() => useBundle({}));

const TEXTS: readonly (readonly [string, () => string])[] = [
  ...FACTS.flatMap((each) => [
    [`${each.code} message ${JSON.stringify(each.params)}`, () => findingText(each).message] as const,
    [`${each.code} advice ${JSON.stringify(each.params)}`, () => findingText(each).advice] as const,
  ]),
  ...CAPTIONS.map((each) => [`caption ${JSON.stringify(each)}`, () => captionText(each)] as const),
];
/** Calls are code: they are the same in every language. */
const CODE = /\b(connection\.)?(join|waitpid|get|put|send|recv|acquire|wait|release)\b/g;

test('the samples have every code of a running program', () => {
  const live = FINDING_CODES.filter((each) => each !== 'qsize-unreliable');
  expect(new Set(FACTS.map((each) => each.code))).toEqual(new Set(live));
});

describe.each(TEXTS)('%s', (_name, make) => {
  test('is in the Chinese bundle, all of it', () => {
    const { made, missing } = madeWith(chinese(), make);
    expect(missing).toEqual([]);
    expect(made).toMatch(/[\u4e00-\u9fff]/);
    expect(made).not.toMatch(/\{\d\}|undefined/);
  });
  test('has no words beside the bundle', () => {
    expect(
      untranslated(make)
        .replace(CODE, '')
        .match(/[A-Za-z]{2,}/g)
        ?.filter((each) => !/^[KMG]?iB$/.test(each)) ?? [],
    ).toEqual([]);
  });
  test('has no placeholder left, and the words of the field', () => {
    expect(make()).not.toMatch(/\{\d\}|undefined|nobody|whoever|somebody|for\sever\b|circle|time-out|\btold\b/i);
  });
});

test('calls as the code has them', () => {
  expect(CALLS.map(callText)).toEqual([
    'κ.get()',
    'put()',
    'κ.put (pipe write)',
    'κ.get (pipe read)',
    'π.send()',
    'π.recv()',
    'join(β)',
    'waitpid(β)',
    'waitpid(-1)',
    'κ.join()',
    'λ.acquire()',
    'λ.wait()',
    'get() of a result of ρ',
    'get() of a pool’s result',
    'connection.wait()',
  ]);
});

describe('in English', () => {
  const message = (facts: FindingFacts) => findingText(facts).message;
  test.each<[string, FindingFacts]>([
    [
      "α (pid 11) is blocked in join(): β (pid 12) can't exit until 1,936 items it queued on 'κ' are read, and nothing is reading them.",
      FACTS[0] as FindingFacts,
    ],
    [
      "Deadlock: α (pid 11) is waiting for 'κ' (held by β (pid 12)) and β (pid 12) is blocked in join() of α (pid 11).",
      {
        code: 'deadlock',
        params: {
          kind: 'cycle',
          processes: 2,
          waits: [
            { process: alpha, call: { operation: 'acquire', target: 'lock', on: 'κ' }, blockers: [beta] },
            { process: beta, call: { operation: 'join', target: 'process', on: 'α' }, blockers: [alpha] },
          ],
          rouser: null,
          remedy: 'break',
          queue: null,
        },
      },
    ],
    [
      "α (pid 11) is blocked in κ.get(), but no live process can put into 'κ': β (pid 12) was killed by SIGSEGV and pid 13 exited with code 1.",
      {
        code: 'stuck-get',
        params: {
          readers: [alpha],
          moreReaders: 0,
          call: get,
          channel: queue,
          ended: [
            { ...beta, exitCode: null, signal: 'SIGSEGV' },
            { id: 'p', name: '', pid: 13, exitCode: 1, signal: null },
          ],
          closed: [],
          rouser: null,
        },
      },
    ],
    [
      "'κ' is full (5/5), and a put() has been blocked for more than 10 s: no process gets from it.",
      {
        code: 'slow-consumer',
        params: { kind: 'full', queue, depth: 5, capacity: 5, blockedFor: 10e9, consumers: [] },
      },
    ],
  ])('%s', (sentence, facts) => {
    expect(message(facts)).toBe(sentence);
  });

  test('a finding that an earlier version recorded keeps its sentences', () => {
    const old = { code: 'deadlock', message: 'They wait.', advice: 'Do not.' } as const;
    useBundle(chinese());
    expect(
      findingText({
        ...old,
        id: 'f',
        severity: 'error',
        processes: [],
        channels: [],
        lines: [],
        sinceMs: 0,
        over: true,
      }),
    ).toEqual({ message: 'They wait.', advice: 'Do not.' });
    expect(captionText('here')).toBe('here');
  });

  test('texts for programs are in English whatever the language, also when making them fails', () => {
    useBundle(chinese());
    const before = findingText(FACTS[0] as FindingFacts);
    expect(inEnglish(() => findingText(FACTS[0] as FindingFacts)).message).toMatch(
      /^α \(pid 11\) is blocked in join\(\)/,
    );
    expect(() =>
      inEnglish(() => {
        throw new Error('x');
      }),
    ).toThrow('x');
    expect(findingText(FACTS[0] as FindingFacts)).toEqual(before);
  });
});
