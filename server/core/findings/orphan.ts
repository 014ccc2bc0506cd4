import type { Process } from '../model/entities/process';
import { startedHere } from './evidence';
import { endedRef, processRef } from './refs';
import type { Candidate, Check, CheckContext } from './types';

/** Processes that outlive the process that started them. */
export const orphan: Check<'orphan'> = { code: 'orphan', kind: 'fact', check };

/** Children always end a little later than their parent; shorter delays are not reported, ns. */
const PATIENCE = 1e9;
const KINDS = ['fork', 'process', 'pool-worker', 'executor-worker', 'manager'];

function check({ model, now }: CheckContext): Candidate<'orphan'>[] {
  const groups = new Map<Process, Process[]>();
  for (const process of model.processes.all) {
    const { parent } = process;
    if (parent === null || !parent.ended || !KINDS.includes(process.origin)) continue;
    if ((process.ended ? process.endedAt : now) - parent.endedAt < PATIENCE) continue;
    if (process.state === 'lost' || detaches(process, parent)) continue;
    groups.set(parent, [...(groups.get(parent) ?? []), process]);
  }
  return [...groups].map(([parent, children]) => {
    const first = children[0] as Process;
    const live = children.filter((each) => !each.ended).length;
    return {
      key: parent.id,
      severity: 'warning',
      params: {
        child: processRef(first),
        others: children.length - 1,
        parent: endedRef(parent),
        alive: live > 0,
      },
      processes: [...children.slice(0, 20), parent],
      evidence: [startedHere(first, parent)],
      since: parent.endedAt,
      over: live === 0,
    };
  });
}

/** Daemons fork twice so that no process has to wait for the second child. */
function detaches(process: Process, parent: Process): boolean {
  return process.origin === 'fork' && parent.origin === 'fork' && parent.endedAt - parent.startedAt < PATIENCE;
}
