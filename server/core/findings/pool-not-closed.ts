import { who } from './text';
import type { Check, Draft, Scene } from './types';

/** A pool's process ended well without ever having ended the pool. */
export const poolNotClosed: Check = { code: 'pool-not-closed', kind: 'fact', check };

function check({ model }: Scene): Draft[] {
  return [...new Set(model.pools.values())].flatMap((pool) => {
    const { process } = pool;
    if (!pool.declared || pool.kind === 'ProcessPoolExecutor' || pool.state !== 'open' || pool.line === 0) return [];
    // Whoever fails or is killed has other worries.
    if (process === null || !process.ended || process.exitCode !== 0) return [];
    return [
      {
        key: pool.id,
        severity: 'warning',
        message: `${who(process)} ended without closing ${pool.name}: its workers were ended by force, whatever they were doing.`,
        advice:
          'Use `with Pool() as pool:` where all results are there at its end, or call close() and then join() when no more tasks come.',
        processes: [process],
        evidence: [{ line: pool.line, caption: `${pool.name} is made here`, process }],
        since: process.endedAt,
      },
    ];
  });
}
