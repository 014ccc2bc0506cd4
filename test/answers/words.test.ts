/** How findings describe live and dead processes. Each program hangs until the finding is raised. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sourceAt } from '../../server/engine/session/open';
import { Session } from '../../server/engine/session/session';
import type { Finding } from '../../server/protocol/views';
import { findingText } from '../../server/shared/text/findings';
import { start, until } from '../integration/engine/session/programs';
import { PROGRAMS } from './run';

interface Case {
  readonly code: Finding['code'];
  readonly says: RegExp;
  /** The comment at a line that it shows. */
  readonly line: string;
  /** Codes that would be wrong. */
  readonly not: readonly Finding['code'][];
}

const CASES: Readonly<Record<string, Case>> = {
  'parent_killed.py': {
    code: 'stuck-get',
    says: /^consumer-\d \(pid \d+\) and consumer-\d .* are blocked in queue\.get\(\), but .* ever put into 'queue': parent_killed.py .* was killed by SIGKILL\.$/,
    line: 'reads',
    not: ['deadlock'],
  },
  'value_deadlock.py': {
    code: 'deadlock',
    says: /waiting for 'table' \(held by .*waiting for 'counter' \(held by /,
    line: 'child waits',
    not: ['dead-lock-owner'],
  },
  'value_owner_dead.py': {
    code: 'dead-lock-owner',
    says: /is blocked on RLock 'counter', and its owner worker \(pid \d+, killed by SIGKILL\) died with it/,
    line: 'reads',
    not: ['deadlock'],
  },
  'never_exits.py': {
    code: 'stuck-get',
    says: /: never_exits.py \(pid \d+\) has closed it and is blocked in join\(\) of consumer \(pid \d+\)\.$/,
    line: 'reads',
    not: ['deadlock'],
  },
};

for (const [name, { code, says, line, not }] of Object.entries(CASES)) {
  test(`${name}: ${code}`, { timeout: 40_000 }, async () => {
    const script = join(PROGRAMS, 'words', name);
    const program = start(script);
    const session = new Session(await sourceAt(program.folder));
    try {
      const found = await until(`${code} in ${name}`, async () => {
        await session.refresh();
        return session.findings.find((each) => each.code === code);
      });
      expect(findingText(found).message).toMatch(says);
      const text = readFileSync(script, 'utf8').split('\n');
      const number = text.findIndex((each) => each.endsWith(`# ${line}`)) + 1;
      expect(found.lines.map((each) => each.line.line)).toContain(number);
      expect(session.findings.filter((each) => not.includes(each.code))).toEqual([]);
    } finally {
      program.kill();
      await program.ended;
      session.dispose(true);
    }
  });
}
