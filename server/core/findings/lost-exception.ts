import { count, who } from './text';
import type { Check, Draft, Scene } from './types';

/** A task failed, and its process ended well without ever having looked at the result. */
export const lostException: Check = { code: 'lost-exception', kind: 'fact', check };

function check({ model }: Scene): Draft[] {
  return [...new Set(model.pools.values())].flatMap((pool) => {
    const { process } = pool;
    // The results of an executor are futures: who looks at them is not recorded.
    if (!pool.declared || pool.kind === 'ProcessPoolExecutor' || process === null) return [];
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
      message: `${count(times, 'task')}${name === '' ? '' : ` ${name}`} of ${pool.name} failed, and nobody has seen the exception${times === 1 ? '' : 's'}: ${who(process)} neither asked for the result${times === 1 ? '' : 's'} nor gave an error_callback.`,
      advice: 'Keep what apply_async returns and call get() on it, or give it an error_callback.',
      processes: [process],
      evidence: [
        { line, caption: times === 1 ? 'the task was submitted here' : `${times} tasks were submitted here`, process },
        { line: pool.line, caption: `${pool.name} is made here`, process },
      ],
      since: at,
    }));
  });
}
