/** Each fault program is diagnosed with its code, the right processes and lines; each near miss and each sample is silent. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { sourceAt } from '../../server/engine/session/open';
import { Session } from '../../server/engine/session/session';
import type { Finding } from '../../server/protocol/views';
import { start, until } from '../unit/engine/session/programs';
import { PROGRAMS, runUnder } from './run';

const FAULTS = join(PROGRAMS, 'faults');
const BOTH = ['fork', 'spawn'];

interface Fault {
  readonly code: Finding['code'];
  /** Names of all processes that it is about; 'main' for the main one. */
  readonly processes: readonly string[];
  /** Comments at the lines that it must show, the first one first. */
  readonly lines: readonly string[];
  readonly methods?: readonly string[];
  /** What the sentence must say. */
  readonly says?: RegExp;
}

const CASES: Readonly<Record<string, Fault>> = {
  join_before_drain: { code: 'join-before-drain', processes: ['main', 'worker'], lines: ['join', 'put'] },
  both_send: { code: 'both-send', processes: ['main', 'worker'], lines: ['parent sends', 'child sends'] },
  deadlock: { code: 'deadlock', processes: ['main', 'worker'], lines: ['parent acquires', 'child acquires'] },
  join_consumers: { code: 'deadlock', processes: ['main', 'consumer-0', 'consumer-1'], lines: ['parent', 'consumer'] },
  nested_pool: { code: 'deadlock', processes: ['main'], lines: ['inside'], methods: ['fork'], says: /All 2 threads/ },
  eof_never: { code: 'eof-never', processes: ['main'], lines: ['reads'], says: /open itself/ },
  dead_lock_owner: {
    code: 'dead-lock-owner',
    processes: ['owner', 'main'],
    lines: ['waiter', 'owner'],
    says: /SIGKILL/,
  },
  dead_writer: {
    code: 'dead-lock-owner',
    processes: ['big', 'small', 'main'],
    lines: ['put', 'reads'],
    says: /ended in the middle of a write into 'queue' and has its writing lock.*; 1 item cannot follow/,
  },
  dead_writer_exit: {
    code: 'dead-lock-owner',
    processes: ['big', 'small'],
    lines: ['put'],
    says: /big \(pid \d+\) \(ended with exit code 0\) ended in the middle of a write/,
  },
  pool_worker_died: { code: 'pool-worker-died', processes: ['worker', 'main'], lines: ['waits', 'submitted', 'made'] },
  stuck_get: { code: 'stuck-get', processes: ['main', 'producer'], lines: ['waits'], says: /exit code 3/ },
  no_main_guard: {
    code: 'no-main-guard',
    processes: ['worker', 'main'],
    lines: ['made', 'started'],
    methods: ['spawn'],
  },
  fork_with_threads: {
    code: 'fork-with-threads',
    processes: ['main', 'worker'],
    lines: ['fork', 'thread'],
    methods: ['fork'],
    says: /has done nothing since/,
  },
  unpicklable: { code: 'unpicklable', processes: ['main'], lines: ['put'], says: /1 item/ },
  unpicklable_target: { code: 'unpicklable', processes: ['main'], lines: ['start'], methods: ['spawn'] },
  pool_not_closed: { code: 'pool-not-closed', processes: ['main'], lines: ['made'] },
  lost_exception: { code: 'lost-exception', processes: ['main'], lines: ['submitted'], says: /1 task work/ },
  zombie: { code: 'zombie', processes: ['main', 'worker'], lines: ['start'] },
  orphan: { code: 'orphan', processes: ['worker', 'main'], lines: ['start'] },
  pipe_shared_writer: { code: 'pipe-shared-writer', processes: ['writer-0', 'writer-1'], lines: ['sends'] },
  slow_consumer: { code: 'slow-consumer', processes: ['consumer', 'main'], lines: ['puts', 'takes'] },
  big_payload: { code: 'big-payload', processes: ['main'], lines: ['put'] },
};

/** The line that ends in this comment. */
function lineOf(script: string, comment: string): number {
  const number = readFileSync(script, 'utf8')
    .split('\n')
    .findIndex((each) => each.endsWith(`# ${comment}`));
  if (number < 0) throw new Error(`${script} has no line "# ${comment}".`);
  return number + 1;
}

/** Watches a program until it has this finding, then ends all its processes. */
async function diagnose(script: string, method: string, fault: Fault): Promise<{ session: Session; delay: number }> {
  const program = start(script, [method]);
  const session = new Session(await sourceAt(program.folder));
  let found: Finding | undefined;
  let delay = 0;
  const matches = (each: Finding) => each.code === fault.code && (fault.says?.test(each.message) ?? true);
  try {
    await until(`${fault.code} in ${basename(script)}`, async () => {
      await session.refresh();
      found = session.findings.find(matches);
      if (found !== undefined) delay = (session.snapshot().status?.durationMs ?? 0) - found.sinceMs;
      return found !== undefined || session.finished;
    });
  } finally {
    for (const each of session.model.processes.all) {
      try {
        if (!each.ended) process.kill(each.pid, 'SIGKILL');
      } catch {
        // gone meanwhile
      }
    }
    await program.ended;
    session.dispose(true);
  }
  return { session, delay };
}

for (const [name, fault] of Object.entries(CASES)) {
  for (const method of fault.methods ?? BOTH) {
    test(`${name} under ${method}: ${fault.code}`, { timeout: 40_000 }, async () => {
      const script = join(FAULTS, `${name}.py`);
      const { session, delay } = await diagnose(script, method, fault);
      expect(session.findings.map((each) => `${each.code}: ${each.message}`)).toHaveLength(1);
      const found = session.findings[0] as Finding;
      expect(found.code).toBe(fault.code);
      if (fault.says !== undefined) expect(found.message).toMatch(fault.says);
      const names = found.processes.map((id) => {
        const process = session.model.processes.all.find((each) => each.id === id);
        if (process === session.model.main) return 'main';
        return process?.origin === 'pool-worker' ? 'worker' : process?.name;
      });
      expect(names.toSorted()).toEqual([...fault.processes].toSorted());
      const lines = found.lines.map((each) => each.line.line);
      const wanted = fault.lines.map((each) => lineOf(script, each));
      expect(lines).toEqual(expect.arrayContaining(wanted));
      for (const each of found.lines) expect(each.line.file).toBe(script);
      if (fault.code === 'deadlock') expect(delay).toBeLessThan(2000);
    });
  }
}

const nears = readdirSync(FAULTS).filter((each) => each.endsWith('_near.py'));
test('every fault has a near miss', () => {
  const missing = Object.keys(CASES).filter((each) => !nears.includes(`${each}_near.py`));
  expect(missing).toEqual(['unpicklable_target']);
});
for (const near of nears) {
  for (const method of CASES[near.replace('_near.py', '')]?.methods ?? BOTH) {
    test(`${near} under ${method} is silent`, { timeout: 60_000 }, () => {
      const { report, status } = runUnder([join(FAULTS, near), method]);
      expect(report.findings).toEqual([]);
      expect(status).toBe(0);
    });
  }
}
