/** Each fault program is diagnosed with its code, the right processes and lines. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { sourceAt } from '../../server/engine/session/open';
import { Session } from '../../server/engine/session/session';
import type { Finding } from '../../server/protocol/views';
import { findingText } from '../../server/shared/text/findings';
import { start, until } from '../integration/engine/session/programs';
import { BOTH, CASES, FAULTS, type Fault } from './faults';

/** The line that ends in this comment. */
function lineOf(script: string, comment: string): number {
  const number = readFileSync(script, 'utf8')
    .split('\n')
    .findIndex((each) => each.endsWith(`# ${comment}`));
  if (number < 0) throw new Error(`${script} has no line "# ${comment}".`);
  return number + 1;
}

/** Watches a program until this finding is raised, then ends all its processes. */
async function diagnose(script: string, method: string, fault: Fault): Promise<{ session: Session; delay: number }> {
  const program = start(script, [method]);
  const session = new Session(await sourceAt(program.folder));
  let found: Finding | undefined;
  let delay = 0;
  const matches = (each: Finding) => each.code === fault.code && (fault.says?.test(findingText(each).message) ?? true);
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
      expect(session.findings.map((each) => `${each.code}: ${findingText(each).message}`)).toHaveLength(1);
      const found = session.findings[0] as Finding;
      expect(found.code).toBe(fault.code);
      if (fault.says !== undefined) expect(findingText(found).message).toMatch(fault.says);
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
