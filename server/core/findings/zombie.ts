import type { Process } from '../model/entities/process';
import { count, howItEnded, who } from './text';
import type { Check, Draft, Scene } from './types';

/** Children that ended, and whose parent lives on without asking for their end. */
export const zombie: Check = { code: 'zombie', kind: 'fact', check };

/** Until then its parent may just be busy, ns. */
const PATIENCE = 4e9;

function check({ model, waits, now, final }: Scene): Draft[] {
  const groups = new Map<Process, Process[]>();
  for (const process of model.processes.all) {
    const { parent } = process;
    if (!process.ended || process.reapedAt >= 0 || parent === null || process.startMethod === 'forkserver') continue;
    // Only what was seen from inside: of other programs nobody knows who asks for their end, and how.
    if (process.image === null || process.state === 'lost' || parent.image === null) continue;
    const until = parent.ended ? parent.endedAt : now;
    if (until - process.endedAt < PATIENCE || (parent.ended && !final && parent.exitCode === null)) continue;
    if (!parent.ended && waits.of(parent).some((each) => each.operation === 'join' || each.operation === 'waitpid'))
      continue; // it asks for its children, one after the other
    // It never came to it: that it hung is told by another finding.
    if (parent.ended ? parent.state === 'killed' : waits.stuck.has(parent)) continue;
    groups.set(parent, [...(groups.get(parent) ?? []), process]);
  }
  return [...groups].map(([parent, children]) => {
    const first = children[0] as Process;
    const since = Math.min(...children.map((each) => each.endedAt));
    const lines = [...new Set(children.map((each) => each.line))].slice(0, 8);
    return {
      key: parent.id,
      severity: 'warning',
      message:
        children.length === 1
          ? `${who(first)} has ended (${howItEnded(first)}), but ${who(parent)} has not asked for it: it stays in the system's table as a zombie.`
          : `${count(children.length, 'child', 'children')} of ${who(parent)} have ended, but it has not asked for them: they stay in the system's table as zombies.`,
      advice: 'Join every process that you start; call os.waitpid() for children of os.fork().',
      processes: [parent, ...children.slice(0, 20)],
      evidence: lines.map((line) => ({
        line,
        caption: `${who(children.find((each) => each.line === line) as Process)} was started here`,
        process: parent,
      })),
      since,
    };
  });
}
