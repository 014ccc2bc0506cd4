import type { Process } from '../model/entities/process';
import { startedHere } from './evidence';
import { endedRef, processRef } from './refs';
import type { Candidate, Check, CheckContext } from './types';

/** Ended children whose parent lives on without reaping them. */
export const zombie: Check<'zombie'> = { code: 'zombie', kind: 'fact', check };

/** The parent may just be busy for this long, ns. */
const PATIENCE = 4e9;

function check({ model, waits, now, final }: CheckContext): Candidate<'zombie'>[] {
  const groups = new Map<Process, Process[]>();
  for (const process of model.processes.all) {
    const { parent } = process;
    if (!process.ended || process.reapedAt >= 0 || parent === null || process.startMethod === 'forkserver') continue;
    // Only recorded processes: whether and how other programs reap their children is unknown.
    if (process.image === null || process.state === 'lost' || parent.image === null) continue;
    const until = parent.ended ? parent.endedAt : now;
    if (until - process.endedAt < PATIENCE || (parent.ended && !final && parent.exitCode === null)) continue;
    if (!parent.ended && waits.of(parent).some((each) => each.operation === 'join' || each.operation === 'waitpid'))
      continue; // it waits for its children one after the other
    // The parent never reached the call. Another finding reports its hang.
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
