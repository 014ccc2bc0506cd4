/** Facts of every kind of finding and of every caption, in all their variants. Their names have no Latin letters but digits. */
import type { Call } from '../../../../server/protocol/calls';
import type {
  Caption,
  ChannelRef,
  EndedRef,
  FindingFacts,
  ProcessRef,
  RouserRef,
} from '../../../../server/protocol/findingParams';

export const alpha: ProcessRef = { id: 'p1', name: 'α', pid: 11 };
export const beta: ProcessRef = { id: 'p2', name: 'β', pid: 12 };
const nameless: ProcessRef = { id: 'p3', name: '', pid: 13 };
const killed: EndedRef = { ...beta, exitCode: null, signal: '9' };
const failed: EndedRef = { ...alpha, exitCode: 3, signal: null };
const lost: EndedRef = { ...nameless, exitCode: null, signal: null };
export const queue: ChannelRef = { id: 'c1', name: 'κ', queue: true };
export const pipe: ChannelRef = { id: 'c2', name: 'π', queue: false };
const unnamed: ChannelRef = { id: 'c3', name: '', queue: true };
export const get: Call = { operation: 'get', target: 'queue', on: 'κ' };
const rouser: RouserRef = {
  process: alpha,
  handlers: [
    { signal: '15', name: 'λ' },
    { signal: '10', name: '' },
  ],
};

export const CALLS: readonly Call[] = [
  get,
  { operation: 'put', target: 'queue', on: '' },
  { operation: 'send', target: 'queue', on: 'κ' },
  { operation: 'recv', target: 'queue', on: 'κ' },
  { operation: 'send', target: 'pipe', on: 'π' },
  { operation: 'recv', target: 'pipe', on: 'π' },
  { operation: 'join', target: 'process', on: 'β' },
  { operation: 'waitpid', target: 'process', on: 'β' },
  { operation: 'waitpid', target: 'children', on: '' },
  { operation: 'queue.join', target: 'queue', on: 'κ' },
  { operation: 'acquire', target: 'lock', on: 'λ' },
  { operation: 'wait', target: 'lock', on: 'λ' },
  { operation: 'wait', target: 'pool', on: 'ρ' },
  { operation: 'wait', target: 'pool', on: '' },
  { operation: 'connection.wait', target: 'unknown', on: '' },
];

const cycle = { kind: 'cycle', processes: 2, rouser: null, remedy: 'break', queue: null } as const;
const two = [
  { process: alpha, call: { operation: 'acquire', target: 'lock', on: 'κ' }, blockers: [beta] },
  { process: beta, call: { operation: 'join', target: 'process', on: 'α' }, blockers: [alpha] },
  { process: beta, call: get, blockers: [alpha, nameless] },
] as const;
const writer = { kind: 'write', queue, owners: [killed, failed], waiters: [alpha], items: 0 } as const;
const died = { worker: killed, pool: 'ρ', task: 'τ', waiters: [] } as const;
const stuck = {
  readers: [alpha],
  moreReaders: 0,
  call: get,
  channel: queue,
  ended: [],
  closed: [],
  rouser: null,
} as const;
const eof = { reader: alpha, pipe, messages: 2, rouser: null } as const;
const threads = { parent: alpha, child: beta, others: 0, quiet: false } as const;

export const FACTS: readonly FindingFacts[] = [
  { code: 'join-before-drain', params: { joiner: alpha, child: beta, queue, items: 1936 } },
  { code: 'join-before-drain', params: { joiner: alpha, child: nameless, queue: unnamed, items: 1 } },
  { code: 'no-main-guard', params: { child: alpha, others: 0, startMethod: 'σ' } },
  { code: 'no-main-guard', params: { child: alpha, others: 1, startMethod: 'σ' } },
  { code: 'no-main-guard', params: { child: alpha, others: 2, startMethod: 'σ' } },
  { code: 'fork-with-threads', params: { ...threads, threads: ['τ'] } },
  { code: 'fork-with-threads', params: { ...threads, threads: ['τ', 'υ'], others: 2, quiet: true } },
  { code: 'pool-worker-died', params: { ...died, outcome: 'error' } },
  { code: 'pool-worker-died', params: { ...died, outcome: 'error later' } },
  { code: 'pool-worker-died', params: { ...died, outcome: 'broken', task: '' } },
  { code: 'pool-worker-died', params: { ...died, outcome: 'never' } },
  { code: 'pool-worker-died', params: { ...died, outcome: 'never', waiters: [alpha] } },
  { code: 'pool-worker-died', params: { ...died, outcome: 'never', waiters: [alpha, beta] } },
  { code: 'dead-lock-owner', params: { kind: 'lock', type: 'Λ', name: 'λ', owner: killed, waiters: [alpha] } },
  { code: 'dead-lock-owner', params: { kind: 'lock', type: 'Λ', name: 'λ', owner: lost, waiters: [alpha, beta] } },
  { code: 'dead-lock-owner', params: { kind: 'read', queue, owner: failed, waiters: [alpha] } },
  { code: 'dead-lock-owner', params: { ...writer, certain: true } },
  { code: 'dead-lock-owner', params: { ...writer, certain: true, waiters: [alpha, beta], items: 1 } },
  { code: 'dead-lock-owner', params: { ...writer, certain: false, items: 2 } },
  { code: 'dead-lock-owner', params: { ...writer, certain: false, waiters: [alpha, beta] } },
  { code: 'unpicklable', params: { kind: 'item', process: alpha, queue, items: 1, error: 'ε' } },
  { code: 'unpicklable', params: { kind: 'item', process: alpha, queue, items: 3, error: '' } },
  { code: 'unpicklable', params: { kind: 'start', process: alpha, name: 'β', error: 'ε' } },
  { code: 'pool-not-closed', params: { process: alpha, pool: 'ρ' } },
  { code: 'eof-never', params: { ...eof, holders: [alpha] } },
  { code: 'eof-never', params: { ...eof, holders: [beta], messages: 1 } },
  { code: 'eof-never', params: { ...eof, holders: [alpha, beta], rouser } },
  { code: 'lost-exception', params: { process: alpha, pool: 'ρ', task: 'τ', tasks: 1 } },
  { code: 'lost-exception', params: { process: alpha, pool: 'ρ', task: '', tasks: 4 } },
  { code: 'deadlock', params: { ...cycle, waits: two } },
  { code: 'deadlock', params: { ...cycle, waits: two, rouser, remedy: 'sentinel', queue } },
  { code: 'deadlock', params: { ...cycle, waits: two.slice(0, 1), processes: 1, remedy: 'rlock' } },
  { code: 'deadlock', params: { ...cycle, waits: two, remedy: 'lock order' } },
  { code: 'deadlock', params: { ...cycle, waits: two, remedy: 'task_done' } },
  { code: 'deadlock', params: { ...cycle, waits: two, remedy: 'sentinel' } },
  { code: 'deadlock', params: { kind: 'pool', pool: 'ρ', threads: 2, queued: 1 } },
  { code: 'both-send', params: { processes: [alpha, beta], pipes: [pipe], bytes: 0 } },
  { code: 'both-send', params: { processes: [alpha, beta], pipes: [pipe], bytes: 2048 } },
  { code: 'stuck-get', params: { ...stuck, ended: [killed, failed, lost] } },
  { code: 'stuck-get', params: { ...stuck, readers: [alpha, beta], moreReaders: 2 } },
  { code: 'stuck-get', params: { ...stuck, channel: pipe, ended: [failed], rouser } },
  { code: 'stuck-get', params: { ...stuck, channel: pipe, readers: [alpha, beta] } },
  {
    code: 'stuck-get',
    params: {
      ...stuck,
      closed: [
        { process: beta, joins: true },
        { process: nameless, joins: false },
      ],
    },
  },
  { code: 'stuck-get', params: { ...stuck, call: { operation: 'queue.join', target: 'queue', on: 'κ' } } },
  { code: 'zombie', params: { parent: alpha, child: killed, children: 1 } },
  { code: 'zombie', params: { parent: alpha, child: killed, children: 2 } },
  { code: 'orphan', params: { child: alpha, others: 0, parent: killed, alive: true } },
  { code: 'orphan', params: { child: alpha, others: 1, parent: killed, alive: true } },
  { code: 'orphan', params: { child: alpha, others: 0, parent: lost, alive: false } },
  { code: 'orphan', params: { child: alpha, others: 2, parent: killed, alive: false } },
  { code: 'pipe-shared-writer', params: { first: alpha, second: beta, pipe, end: 'ε', turns: 3 } },
  {
    code: 'pipe-shared-writer',
    params: { first: alpha, second: beta, pipe: { ...pipe, name: '' }, end: '', turns: 3 },
  },
  {
    code: 'slow-consumer',
    params: { kind: 'grows', queue, itemsPerSecond: 1, depth: 2000, producers: [alpha], consumers: [beta] },
  },
  {
    code: 'slow-consumer',
    params: { kind: 'full', queue, depth: 5, capacity: 5, blockedFor: 10e9, consumers: [] },
  },
  {
    code: 'slow-consumer',
    params: { kind: 'full', queue, depth: 5, capacity: 5, blockedFor: 10e9, consumers: [beta] },
  },
  { code: 'big-payload', params: { channel: queue, messages: 1, bytes: 8e7, largest: 8e7, sender: alpha } },
  { code: 'big-payload', params: { channel: queue, messages: 4, bytes: 8e7, largest: 4e7, sender: alpha } },
];

export const CAPTIONS: readonly Caption[] = [
  ...CALLS.map((call) => ({ kind: 'blocked', process: alpha, call }) as const),
  { kind: 'channel created', channel: queue },
  { kind: 'channel created', channel: { ...pipe, name: '' } },
  { kind: 'pool created', pool: 'ρ' },
  ...(['process started', 'puts', 'gets', 'sends', 'forks', 'imports main'] as const).map((kind) => ({
    kind,
    process: alpha,
  })),
  { kind: 'died with lock', process: alpha },
  { kind: 'died in get', process: alpha },
  { kind: 'inherited end', process: alpha },
  { kind: 'tasks submitted', tasks: 1 },
  { kind: 'tasks submitted', tasks: 2 },
  { kind: 'unpicklable item', process: alpha, times: 1 },
  { kind: 'unpicklable item', process: alpha, times: 2 },
  { kind: 'unpicklable start', process: alpha, name: 'β' },
  { kind: 'largest message', bytes: 4e7 },
  { kind: 'thread at fork', thread: 'τ' },
  { kind: 'signal handler', process: alpha, signal: '15' },
];
