/**
 * Signals and hangs: a process that a signal handler or a timer may wake is not deadlocked, and one that a signal ended
 * was. Each program is watched while it runs, as the editor does.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sourceAt } from '../../server/engine/session/open';
import { Session } from '../../server/engine/session/session';
import type { Finding } from '../../server/protocol/views';
import { findingText } from '../../server/shared/text/findings';
import { start, until } from '../integration/engine/session/programs';
import { Workplace } from '../shared/workplace';
import { PROGRAMS } from './run';

const FOLDER = join(PROGRAMS, 'signals');

/** Programs without a fault, with their start methods. All but one run under the first. */
const NEARS = [
  'event_set_by_handler_near.py',
  'exit_in_handler_near.py',
  'alarm_near.py',
  'timer_near.py',
  'watchdog_near.py',
  'child_ends_near.py',
  'killed_by_child_near.py',
];

interface Hang {
  readonly signal: NodeJS.Signals;
  readonly severity: Finding['severity'];
  readonly says: RegExp;
  /** Comments at the lines that it shows. */
  readonly lines: readonly string[];
  /** Whether the report keeps it, as resolved, after the program's end. */
  readonly kept: boolean;
}

/** Programs that hang, and the signal that ends each. */
const HANGS: Readonly<Record<string, readonly Hang[]>> = {
  'slow_goodbye.py': [
    { signal: 'SIGINT', severity: 'error', says: /^Deadlock: /, lines: ['parent joins', 'child gets'], kept: true },
  ],
  'late_alarm.py': [
    { signal: 'SIGINT', severity: 'error', says: /^Deadlock: /, lines: ['parent joins', 'child gets'], kept: true },
  ],
  'locks_with_cleanup.py': [
    {
      signal: 'SIGTERM',
      severity: 'warning',
      says: /^Deadlock unless a signal arrives: .* handles SIGTERM \(clean_up\)/,
      lines: ['parent acquires', 'child acquires', 'handler'],
      kept: true,
    },
  ],
  'exits_in_handler.py': [
    {
      signal: 'SIGTERM',
      severity: 'warning',
      says: /^Deadlock unless a signal arrives: .* handles SIGTERM \(leave\)/,
      lines: ['parent acquires', 'child acquires', 'handler'],
      kept: true,
    },
  ],
  'join_with_cleanup.py': [
    {
      signal: 'SIGTERM',
      severity: 'info',
      says: /unless a signal arrives/,
      lines: ['parent joins', 'handler'],
      kept: false,
    },
    {
      signal: 'SIGINT',
      severity: 'info',
      says: /unless a signal arrives/,
      lines: ['child gets', 'handler'],
      kept: true,
    },
  ],
};

function lineOf(script: string, comment: string): number {
  return (
    readFileSync(script, 'utf8')
      .split('\n')
      .findIndex((each) => each.endsWith(`# ${comment}`)) + 1
  );
}

for (const near of NEARS) {
  test(`${near}: no error at any time, no finding at its end`, { timeout: 60_000 }, async () => {
    const program = start(join(FOLDER, near), ['fork']);
    const session = new Session(await sourceAt(program.folder));
    const errors = new Set<string>();
    try {
      await until(`the end of ${near}`, async () => {
        await session.refresh();
        for (const each of session.findings) if (each.severity === 'error') errors.add(findingText(each).message);
        return session.finished;
      });
      await program.ended;
      expect(session.model.exitCode).toBe(0);
      expect([...errors]).toEqual([]);
      expect(session.findings).toEqual([]);
    } finally {
      program.kill();
      await program.ended;
      session.dispose(true);
    }
  });
}

for (const [name, hangs] of Object.entries(HANGS)) {
  for (const hang of hangs) {
    test(`${name} is found, and ${hang.signal} ${hang.kept ? 'does not take it away' : 'was what it waited for'}`, {
      timeout: 60_000,
    }, async () => {
      const script = join(FOLDER, name);
      const place = new Workplace();
      const program = start(script, ['fork']);
      const session = new Session(await sourceAt(program.folder));
      try {
        await until(`a finding in ${name}`, async () => {
          await session.refresh();
          return session.findings.length > 0 || session.finished;
        });
        const [found] = session.findings as [Finding];
        expect(found).toMatchObject({ code: 'deadlock', severity: hang.severity, over: false });
        expect(findingText(found).message).toMatch(hang.says);
        const wanted = hang.lines.map((each) => lineOf(script, each));
        expect(found.lines.map((each) => each.line.line)).toEqual(expect.arrayContaining(wanted));
        process.kill(-(program.child.pid as number), hang.signal);
        await until(`the end of ${name}`, async () => {
          await session.refresh();
          return session.finished;
        });
        const kept = hang.kept ? [{ id: found.id, over: true }] : [];
        expect(session.findings).toMatchObject(kept);
        const recording = place.path('x.forkscope');
        await session.save(recording);
        const again = new Session(await sourceAt(recording));
        await again.refresh();
        expect(again.findings).toMatchObject(kept);
        again.dispose(true);
      } finally {
        program.kill();
        await program.ended;
        session.dispose(true);
        place.dispose();
      }
    });
  }
}
