import { poolCreated } from './evidence';
import { processRef } from './refs';
import type { Candidate, Check, CheckContext } from './types';

/** A pool's process exited normally without ever closing the pool. */
export const poolNotClosed: Check<'pool-not-closed'> = { code: 'pool-not-closed', kind: 'fact', check };

function check({ model }: CheckContext): Candidate<'pool-not-closed'>[] {
  return [...new Set(model.pools.values())].flatMap((pool): Candidate<'pool-not-closed'>[] => {
    const { process } = pool;
    if (!pool.declared || !pool.isMultiprocessings || pool.state !== 'open' || pool.line === 0) return [];
    // A process that fails or is killed has a more serious problem.
    if (process === null || !process.ended || process.exitCode !== 0) return [];
    return [
      {
        key: pool.id,
        severity: 'warning',
        params: { process: processRef(process), pool: pool.name },
        processes: [process],
        evidence: [poolCreated(pool)],
        since: process.endedAt,
      },
    ];
  });
}
