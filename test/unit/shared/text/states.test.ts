/** States of processes and causes of their waits, in the language of the window: none of it is put together without the bundle. */
import { describe, expect, test } from 'vitest';
import { waitersText } from '../../../../extension/views/paused';
import type { WaitOperation } from '../../../../server/protocol/calls';
import type { ProcessStatus, Wait } from '../../../../server/protocol/views';
import type { SessionView } from '../../../../server/shared/sessionView';
import { stateText } from '../../../../server/shared/text/states';
import { blockedText, causedText, steadyText } from '../../../../server/shared/text/waits';
import { chinese, madeWith, untranslated } from './bundles';
import { CALLS } from './samples';

const wait = (given: Partial<Wait>): Wait => ({
  operation: 'get',
  target: 'queue',
  on: 'κ',
  channelId: null,
  processId: null,
  sinceMs: 0,
  timeoutMs: null,
  line: null,
  thread: '',
  ...given,
});
const status = (given: Partial<ProcessStatus>): ProcessStatus => ({
  id: 'α',
  state: 'running',
  waits: [],
  endedAtMs: null,
  exitCode: null,
  signal: null,
  lastLine: null,
  cpuSeconds: null,
  memoryBytes: null,
  ...given,
});
const by = (processId: string, dead = false) => ({ processId, why: '', dead });
const LINE = { file: '/7:1', line: 12, function: '' };

/** α waits; what β, which could unblock it, is doing. */
function caused(given: Partial<Wait>, other: Partial<ProcessStatus>, cycles: string[][] = []): string {
  const own = wait(given);
  const statuses = [status({ state: 'waiting', waits: [own] }), status({ id: 'β', ...other })];
  const session = {
    processes: new Map(),
    processStatus: new Map(statuses.map((each) => [each.id, each])),
    waitGraph: { nodes: [], edges: [], cycles },
  } as unknown as SessionView;
  return causedText(session, 'α', own, 3000);
}

const STATES: readonly Partial<ProcessStatus>[] = [
  { state: 'running' },
  { state: 'waiting' },
  { state: 'paused' },
  { state: 'paused', pausedAt: LINE },
  { state: 'exited', exitCode: 3 },
  { state: 'exited' },
  { state: 'killed', signal: '9' },
  { state: 'lost' },
];
const GONE: readonly WaitOperation[] = ['get', 'put', 'queue.join', 'send', 'recv', 'poll', 'acquire', 'wait'];
const TEXTS: readonly (readonly [string, () => string])[] = [
  ...STATES.map((each) => [JSON.stringify(each), () => stateText(status(each), 0)] as const),
  ...CALLS.flatMap((call) => [
    [`blocked ${JSON.stringify(call)}`, () => blockedText(wait(call), 3000)] as const,
    [`with a timeout ${JSON.stringify(call)}`, () => steadyText(wait({ ...call, timeoutMs: 500 }))] as const,
  ]),
  ...GONE.map(
    (operation) => [`${operation}, β is dead`, () => caused({ operation, blockers: [by('β', true)] }, {})] as const,
  ),
  ['acquire, no owner', () => caused({ operation: 'acquire', blockers: [] }, {})],
  ['deadlock', () => caused({ blockers: [by('β')] }, {}, [['α', 'β']])],
  ['deadlock of three', () => caused({ blockers: [by('β')] }, {}, [['α', 'β', 'γ']])],
  ['deadlock of one', () => caused({ blockers: [by('α')] }, {}, [['α']])],
  ['itself', () => caused({ blockers: [by('α')] }, {})],
  ['two', () => caused({ blockers: [by('β'), by('γ')] }, {})],
  ['five', () => caused({ blockers: [by('β'), by('γ')], moreBlockers: 3 }, {})],
  ['a running one', () => caused({ blockers: [by('β')] }, {})],
  ['a paused one', () => caused({ blockers: [by('β')] }, { state: 'paused' })],
  ['a blocked one', () => caused({ blockers: [by('β')] }, { state: 'waiting', waits: [wait({})] })],
  ['one with a timeout', () => caused({ blockers: [by('β')] }, { state: 'waiting', waits: [wait({ timeoutMs: 9 })] })],
  ['a forsaken one', () => caused({ blockers: [by('β')] }, { state: 'waiting', waits: [wait({ blockers: [] })] })],
  ...[true, false].flatMap((sure) =>
    [1, 3].map((count) => {
      const call = CALLS[0] as (typeof CALLS)[number];
      const all = Array.from({ length: count }, () => ({ name: 'α', call }));
      return [`${count} waiting, sure: ${sure}`, () => waitersText({ sure, all })] as const;
    }),
  ),
];
const CODE = /\b(connection\.)?(join|waitpid|get|put|send|recv|acquire|wait|poll)\b/g;

describe.each(TEXTS)('%s', (_name, make) => {
  test('is in the Chinese bundle, all of it', () => {
    const { made, missing } = madeWith(chinese(), make);
    expect(missing).toEqual([]);
    expect(made).toMatch(/[\u4e00-\u9fff]/);
  });
  test('has no words beside the bundle', () => {
    expect(untranslated(make).replace(CODE, '')).not.toMatch(/[A-Za-z]{2,}/);
  });
});
