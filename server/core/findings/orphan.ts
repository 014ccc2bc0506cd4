import type { Process } from '../model/entities/process';
import { startedHere } from './evidence';
import { endedRef, processRef } from './refs';
import type { Check, Draft, Scene } from './types';

/** Processes that live on after the one that started them. */
export const orphan: Check<'orphan'> = { code: 'orphan', kind: 'fact', check };

/** Between the end of a parent and that of its children some time always passes, ns. */
const PATIENCE = 1e9;
const KINDS = ['fork', 'process', 'pool-worker', 'executor-worker', 'manager'];

function check({ model, now }: Scene): Draft<'orphan'>[] {
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

/** Forking twice, so that nobody has to wait for the second one, is how a daemon begins. */
function detaches(process: Process, parent: Process): boolean {
  return process.origin === 'fork' && parent.origin === 'fork' && parent.endedAt - parent.startedAt < PATIENCE;
}
