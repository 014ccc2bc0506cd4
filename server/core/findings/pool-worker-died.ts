import type { FindingParams } from '../../protocol/findingParams';
import type { Pool } from '../model/entities/pool';
import type { Process } from '../model/entities/process';
import { blockedHere, poolCreated } from './evidence';
import { endedRef, processRefs } from './refs';
import type { Candidate, Check, CheckContext } from './types';

/** A worker was killed during a task, which will never finish. */
export const poolWorkerDied: Check<'pool-worker-died'> = { code: 'pool-worker-died', kind: 'hang', check };

function check(context: CheckContext): Candidate<'pool-worker-died'>[] {
  return [...new Set(context.model.pools.values())].flatMap((pool) => lostTasks(context, pool));
}

function lostTasks({ model, waits, explained }: CheckContext, pool: Pool): Candidate<'pool-worker-died'>[] {
  const owner = pool.process;
  if (!pool.declared || pool.kind === 'ThreadPool' || pool.state === 'terminated' || owner === null) return [];
  const found: Candidate<'pool-worker-died'>[] = [];
  for (const task of pool.tasks.values()) {
    const worker = task.process;
    if (waits.lives(worker) || endedByOwner(worker, owner)) continue;
    // Pools of other libraries monitor their workers and set an error at once.
    if (pool.kind !== 'ProcessPoolExecutor' && !pool.isMultiprocessings && task.givenUp !== true) continue;
    const waiters = waits.all.filter((each) => each.pool === pool);
    // The remaining workers wait for tasks and the owner waits for the result, all because of this worker.
    for (const each of [owner, ...model.processes.all.filter((one) => pool.workers.includes(one.id))])
      explained.add(each);
    const line = pool.jobs.get(task.job)?.line ?? task.line ?? 0;
    found.push({
      key: `${pool.id} ${worker.id} ${task.job}/${task.index}`,
      severity: 'error',
      params: {
        worker: endedRef(worker),
        pool: pool.name,
        task: task.name,
        outcome: outcomeOf(pool, task.givenUp === true),
        waiters: processRefs([...new Set(waiters.map((each) => each.process))]),
      },
      processes: [worker, owner],
      evidence: [
        ...waiters.map((each) => blockedHere(each)),
        { line, caption: { kind: 'tasks submitted', tasks: 1 }, process: owner },
        poolCreated(pool),
      ],
      since: worker.endedAt < 0 ? task.at : worker.endedAt,
      over: !waits.lives(owner),
    });
  }
  return found;
}

function outcomeOf({ kind, lostFails }: Pool, givenUp: boolean): FindingParams['pool-worker-died']['outcome'] {
  if (givenUp && kind !== 'ProcessPoolExecutor') return 'error';
  if (lostFails) return 'error later';
  return kind === 'Pool' ? 'never' : 'broken';
}

/** terminate() and the end of the pool's process end workers during their tasks. */
function endedByOwner(worker: Process, owner: Process): boolean {
  // Ctrl-C reaches both: it ends the worker, and the owner decides what happens to the pool.
  for (const { at, byKeyboard } of owner.interrupts.values())
    if (byKeyboard && Math.abs(worker.endedAt - at) < 1e9) return true;
  return worker.signalledBy === owner || (owner.ended && owner.endedAt <= worker.endedAt + 1e9);
}
