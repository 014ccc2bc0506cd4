import { poolCreated } from './evidence';
import { processRef } from './refs';
import type { Check, Draft, Scene } from './types';

/** A pool's process ended well without ever having ended the pool. */
export const poolNotClosed: Check<'pool-not-closed'> = { code: 'pool-not-closed', kind: 'fact', check };

function check({ model }: Scene): Draft<'pool-not-closed'>[] {
  return [...new Set(model.pools.values())].flatMap((pool): Draft<'pool-not-closed'>[] => {
    const { process } = pool;
    if (!pool.declared || !pool.isMultiprocessings || pool.state !== 'open' || pool.line === 0) return [];
    // Whoever fails or is killed has other worries.
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
