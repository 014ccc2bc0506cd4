import type { Pool } from '../model/entities/pool';
import type { Process } from '../model/entities/process';
import { howItEnded, list, who } from './text';
import type { Check, Draft, Scene } from './types';

/** A worker was killed with a task, which nobody will finish. */
export const poolWorkerDied: Check = { code: 'pool-worker-died', kind: 'hang', check };

function check(scene: Scene): Draft[] {
  return [...new Set(scene.model.pools.values())].flatMap((pool) => lostTasks(scene, pool));
}

function lostTasks({ model, waits, explained }: Scene, pool: Pool): Draft[] {
  const owner = pool.process;
  if (!pool.declared || pool.kind === 'ThreadPool' || pool.state === 'terminated' || owner === null) return [];
  const found: Draft[] = [];
  for (const task of pool.tasks.values()) {
    const worker = task.process;
    if (waits.lives(worker) || endedByOwner(worker, owner)) continue;
    const waiters = waits.all.filter((each) => each.pool === pool);
    // The workers that are left wait for tasks, and the owner for the result: all because of this one.
    for (const each of [owner, ...model.processes.all.filter((one) => pool.workers.includes(one.id))])
      explained.add(each);
    const line = pool.jobs.get(task.job)?.line ?? task.line ?? 0;
    const name = task.name === '' ? 'a task' : `task ${task.name}`;
    found.push({
      key: `${pool.id} ${worker.id} ${task.job}/${task.index}`,
      severity: 'error',
      message:
        `${who(worker)}, a worker of ${pool.name}, is dead (${howItEnded(worker)}) and had ${name}: ` +
        (task.givenUp === true && pool.kind !== 'ProcessPoolExecutor'
          ? 'its result is an error, which the pool has put in its place.'
          : pool.lostFails
            ? 'the pool will put an error in the place of its result, when lost_worker_timeout is over (10 s if none is given).'
            : pool.kind === 'Pool'
              ? `its result will never come${waiters.length > 0 ? `, and ${list([...new Set(waiters.map((each) => who(each.process)))])} waits for it` : ''}.`
              : 'the whole executor is broken.'),
      advice:
        'Find out what ended it (its last lines, the memory it used, a signal, os._exit). concurrent.futures.ProcessPoolExecutor raises BrokenProcessPool where a Pool waits for ever; get with a time-out helps too.',
      processes: [worker, owner],
      evidence: [
        ...waiters.map((each) => ({
          line: each.line,
          caption: `${who(each.process)} waits here for a result`,
          process: each.process,
        })),
        { line, caption: 'the task was submitted here', process: owner },
        { line: pool.line, caption: `${pool.name} is made here`, process: owner },
      ],
      since: worker.endedAt < 0 ? task.at : worker.endedAt,
      over: !waits.lives(owner),
    });
  }
  return found;
}

/** terminate() and the end of the pool's process end workers whatever they do. */
function endedByOwner(worker: Process, owner: Process): boolean {
  // A Ctrl-C reaches both: the worker ends by it, and the owner decides what becomes of the pool.
  for (const { at, byKeyboard } of owner.interrupts.values())
    if (byKeyboard && Math.abs(worker.endedAt - at) < 1e9) return true;
  return worker.signalledBy === owner || (owner.ended && owner.endedAt <= worker.endedAt + 1e9);
}
