/** Programs that hang, in a whole VS Code: the sentence that names the cause and the drawing of the waits. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../shared/until';
import { type Code, openCode, ROOT } from './harness';
import { ALL, type LookName, pictures } from './looks';

/** The expected display of one hang. */
interface Hang {
  readonly cause: RegExp;
  /** The row of one of its processes in the tree. */
  readonly row: RegExp;
  /** Number of processes in the drawing, of those in a deadlock cycle, and of ended ones. */
  readonly nodes: number;
  readonly circle: number;
  readonly dead: number;
  /** A line of the list below the drawing. */
  readonly words: RegExp;
  /** A warning, which shows no notification by default. */
  readonly warning?: boolean;
}

const HANGS: Readonly<Record<string, Hang>> = {
  'join_before_drain.py': {
    cause: /can't exit until .* it queued on .* read/,
    row: /blocked in join\(worker\) for \d.*, deadlocked with worker/,
    nodes: 2,
    circle: 2,
    dead: 0,
    words: /part of a deadlock/,
  },
  'both_send.py': {
    cause: /all blocked in send\(\) on .* none of them receives/,
    row: /blocked in .*\.send\(\) for \d.*, deadlocked with worker/,
    nodes: 2,
    circle: 2,
    dead: 0,
    words: /part of a deadlock/,
  },
  'deadlock.py': {
    cause: /Deadlock: .* is waiting for .* \(held by /,
    row: /blocked in .*\.acquire\(\) for \d.*, deadlocked with worker/,
    nodes: 2,
    circle: 2,
    dead: 0,
    words: /part of a deadlock/,
  },
  'eof_never.py': {
    cause: /EOF will never come: it has the writing end open itself/,
    row: /blocked in reader\.recv\(\): no live sender/,
    nodes: 1,
    circle: 0,
    dead: 0,
    words: /reader\.recv\(\) \(.*no live process can unblock it\)/,
  },
  'dead_lock_owner.py': {
    cause: /its owner owner \(pid \d+, killed by SIGKILL\) died with it: it will never be released/,
    row: /blocked in lock\.acquire\(\): its owner owner is dead/,
    nodes: 2,
    circle: 0,
    dead: 1,
    words: /lock\.acquire\(\) .*\n?.*but it has exited/s,
  },
  'pool_worker_died.py': {
    cause: /killed by SIGKILL\), a worker of .*, died during task die.* is waiting for it/,
    row: /blocked in get\(\) of a result of pool/,
    nodes: 2,
    circle: 0,
    dead: 1,
    words: /get\(\) of a result of pool/,
  },
  'nested_pool.py': {
    cause: /all 2 threads of .* are waiting for results of tasks that only .* can run/,
    row: /blocked in get\(\) of a result of .*, deadlocked with itself/,
    nodes: 1,
    circle: 1,
    dead: 0,
    words: /3 threads/,
  },
  'fork_with_threads.py': {
    cause: /while thread holder was running: .* It may be blocked on a lock that one of them held/,
    row: /blocked in join\(worker\)/,
    nodes: 2,
    circle: 0,
    dead: 0,
    words: /join\(worker\)/,
    warning: true,
  },
};

/** Pictures of one hang in the light look and of another in high contrast. */
const looksOf = (program: string): readonly LookName[] =>
  ALL ?? [
    'dark',
    ...(program === 'deadlock.py' ? ['light' as const] : program === 'dead_lock_owner.py' ? ['contrast' as const] : []),
  ];

describe('hangs in VS Code', function () {
  this.timeout(240_000);
  let code: Code;
  before(async () => {
    code = await openCode({
      settings: { 'forkscope.console': 'internalConsole', 'debug.internalConsoleOptions': 'neverOpen' },
    });
    for (const program of Object.keys(HANGS)) {
      // These programs take the start method as an argument, which Run Python File does not pass.
      const source = readFileSync(join(ROOT, 'test/programs/faults', program), 'utf8');
      writeFileSync(join(code.folder, program), source.replace('sys.argv[1]', '"fork"'));
    }
    await code.page.locator('.activitybar [aria-label*="Forkscope"]').first().click();
  });
  after(async () => {
    await code?.close();
  });
  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') return;
    await code.screenshot('failed-waits');
    // A failure must not affect the next program.
    await closeAll(code).catch(() => {});
  });

  for (const program of Object.keys(HANGS)) {
    const hang = HANGS[program] as Hang;
    it(`${program}: the cause in a sentence, in the tree, and drawn`, async () => {
      await code.run(program);
      const panel = await code.panel();
      await panel.locator('#tab-waits').click();
      await until(
        'the cause',
        () => panel.locator('.cause').allInnerTexts(),
        (texts) => texts.some((text) => hang.cause.test(text)),
      );
      await until(
        'the drawing',
        async () => ({
          nodes: await panel.locator('svg.waits .process').count(),
          circle: await panel.locator('svg.waits .process.cycle').count(),
          dead: await panel.locator('svg.waits .process.dead').count(),
        }),
        ({ nodes, circle, dead }) => nodes >= hang.nodes && circle >= hang.circle && dead >= hang.dead,
      );
      const words = await panel.locator('.waitList li').allInnerTexts();
      assert.ok(
        words.some((text) => hang.words.test(text) && /\.py:\d+/.test(text)),
        words.join('\n'),
      );
      await until(
        'the row in the tree, and a mark',
        () => code.tree('Processes'),
        (all) =>
          all.some((each) => hang.row.test(each.description)) &&
          all.some((each) => each.level > 1 && /1 finding/.test(each.aria)),
      );
      await pictures(code, `waits-${program.replace('.py', '')}`, looksOf(program));
      if (hang.warning === true) await panel.locator('#tab-findings').click();
      else {
        await fromNotification(code, hang.cause);
        await panel.locator('.finding.marked').waitFor();
      }
      await panel.locator('.finding', { hasText: 'What to do' }).first().waitFor();
      await pictures(code, `findings-${program.replace('.py', '')}`, looksOf(program));
      await closeAll(code);
    });
  }
});
/** VS Code's test driver shows no toasts; notifications are in the notification center. */
async function fromNotification(code: Code, cause: RegExp): Promise<void> {
  await code.command('Notifications: Show Notifications');
  const notification = code.page.locator('.notifications-center .notification-list-item', { hasText: cause });
  await notification.getByRole('button', { name: 'Show', exact: true }).click();
  await notification.waitFor({ state: 'detached' });
}

async function closeAll(code: Code): Promise<void> {
  await code.command('Forkscope: Stop Session');
  await until(
    'its end',
    () => code.tree('Processes'),
    (rows) => rows.filter((row) => row.level === 1).every((row) => /exited|killed/.test(row.description)),
  );
  await code.command('Close All Ended Sessions');
  await until(
    'an empty view',
    () => code.tree('Processes'),
    (rows) => rows.length === 0,
  );
  await code.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
}
