import type { Process } from '../model/entities/process';
import { doesHere, startedHere } from './evidence';
import { processRef } from './refs';
import type { Candidate, Check, CheckContext } from './types';

/** A child started by spawn or forkserver imports its parent's main module, and that import starts processes again. */
export const noMainGuard: Check<'no-main-guard'> = { code: 'no-main-guard', kind: 'fact', check };

function check({ model }: CheckContext): Candidate<'no-main-guard'>[] {
  const groups = new Map<string, Process[]>();
  for (const process of model.processes.all) {
    const { madeChildAt, startMethod, parent } = process;
    if (madeChildAt === 0 || parent === null || startMethod === null || startMethod === 'fork') continue;
    // The process began its target, so its import succeeded. Without a guard the import fails.
    if (process.image?.identified === true || !process.ended || process.exitCode === 0) continue;
    const key = `${parent.id} ${madeChildAt}`;
    groups.set(key, [...(groups.get(key) ?? []), process]);
  }
  return [...groups].map(([key, children]) => {
    const first = children[0] as Process;
    const parent = first.parent as Process;
    return {
      key,
      severity: 'error',
      params: { child: processRef(first), others: children.length - 1, startMethod: first.startMethod ?? '' },
      processes: [first, parent, ...children.slice(1, 20)],
      evidence: [doesHere('imports main', first, first.madeChildAt), startedHere(first, parent)],
      since: first.startedAt,
    };
  });
}
