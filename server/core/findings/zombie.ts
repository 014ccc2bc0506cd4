import type { Process } from '../model/entities/process';
import { startedHere } from './evidence';
import { endedRef, processRef } from './refs';
import type { Check, Draft, Scene } from './types';

/** Children that ended, and whose parent lives on without asking for their end. */
export const zombie: Check<'zombie'> = { code: 'zombie', kind: 'fact', check };

/** Until then its parent may just be busy, ns. */
const PATIENCE = 4e9;

function check({ model, waits, now, final }: Scene): Draft<'zombie'>[] {
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
      params: { parent: processRef(parent), child: endedRef(first), children: children.length },
      processes: [parent, ...children.slice(0, 20)],
      evidence: lines.map((line) => startedHere(children.find((each) => each.line === line) as Process, parent)),
      since,
    };
  });
}
