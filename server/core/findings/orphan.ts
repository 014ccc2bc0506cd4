import type { Process } from '../model/entities/process';
import { count, howItEnded, who } from './text';
import type { Check, Draft, Scene } from './types';

/** Processes that live on after the one that started them. */
export const orphan: Check = { code: 'orphan', kind: 'fact', check };

/** Between the end of a parent and that of its children some time always passes, ns. */
const PATIENCE = 1e9;
const KINDS = ['fork', 'process', 'pool-worker', 'executor-worker', 'manager'];

function check({ model, now }: Scene): Draft[] {
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
    const others = children.length > 1 ? ` and ${count(children.length - 1, 'other child', 'other children')}` : '';
    return {
      key: parent.id,
      severity: 'warning',
      message: `${who(first)}${others} ${live > 0 ? 'live on' : 'lived on'} after ${who(parent)}, which started ${children.length > 1 ? 'them' : 'it'}, has ended (${howItEnded(parent)}).`,
      advice:
        'End or join children before their parent ends, also when it fails: join in a finally block, or start them with daemon=True. Those that are left can be ended in the process tree.',
      processes: [...children.slice(0, 20), parent],
      evidence: [{ line: first.line, caption: `${who(first)} was started here`, process: parent }],
      since: parent.endedAt,
      over: live === 0,
    };
  });
}

/** Forking twice, so that nobody has to wait for the second one, is how a daemon begins. */
function detaches(process: Process, parent: Process): boolean {
  return process.origin === 'fork' && parent.origin === 'fork' && parent.endedAt - parent.startedAt < PATIENCE;
}
