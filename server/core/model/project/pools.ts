import type { PoolMeta, PoolStatus } from '../../../protocol/views';
import type { Pool } from '../entities/pool';
import type { SessionModel } from '../state/sessionModel';

export function poolMeta({ locations }: SessionModel, pool: Pool): PoolMeta {
  return {
    id: pool.id,
    kind: pool.kind,
    name: pool.name,
    line: locations.line(pool.line),
    processId: pool.process?.id ?? null,
    size: pool.size,
  };
}

/** A pool's counts, without its activity. */
export function poolStatus(pool: Pool): PoolStatus {
  const ended = pool.completed + pool.failed - pool.unsent;
  const running = Math.max(0, pool.started - ended);
  const waiting = Math.max(0, pool.submitted - pool.finished - running);
  const lost = Math.min(running, lostWithWorkers(pool));
  const fate = pool.fateOfWaiting;
  return {
    id: pool.id,
    state: pool.state,
    workers: [...pool.workers],
    submitted: pool.submitted,
    started: pool.started,
    completed: pool.completed,
    failed: pool.failed,
    cancelled: pool.cancelled + (fate === 'cancelled' ? waiting : 0),
    lost: lost + (fate === 'lost' ? waiting : 0),
    pending: fate === 'waiting' ? waiting : 0,
    running: running - lost,
  };
}

/** Tasks whose worker ended during them and for which the pool set no result. */
function lostWithWorkers(pool: Pool): number {
  let lost = 0;
  for (const [worker, { process, givenUp }] of pool.tasks) {
    const gone = process.ended || pool.byKey.get(worker)?.ended === true;
    if (givenUp !== true && pool.fateOfRunning(gone) === 'lost') lost++;
  }
  return lost;
}
