import { poolCreated } from './evidence';
import { processRef } from './refs';
import type { Candidate, Check, CheckContext } from './types';

/** A task failed, and its process exited normally without ever reading the result. */
export const lostException: Check<'lost-exception'> = { code: 'lost-exception', kind: 'fact', check };

function check({ model }: CheckContext): Candidate<'lost-exception'>[] {
  return [...new Set(model.pools.values())].flatMap((pool): Candidate<'lost-exception'>[] => {
    const { process } = pool;
    // Results of other libraries are futures, and reads of those are not recorded.
    if (!pool.declared || !pool.isMultiprocessings || process === null) return [];
    if (!process.ended || process.exitCode !== 0) return [];
    const byLine = new Map<number, { name: string; at: number; times: number }>();
    for (const { name, line, at } of pool.failures.values()) {
      const known = byLine.get(line);
      if (known === undefined) byLine.set(line, { name, at, times: 1 });
      else known.times++;
    }
    return [...byLine].map(([line, { name, at, times }]) => ({
      key: `${pool.id} ${line}`,
      severity: 'error',
      params: { process: processRef(process), pool: pool.name, task: name, tasks: times },
      processes: [process],
      evidence: [{ line, caption: { kind: 'tasks submitted', tasks: times }, process }, poolCreated(pool)],
      since: at,
    }));
  });
}
