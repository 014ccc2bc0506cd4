import type { Process } from '../model/entities/process';
import { count, who } from './text';
import type { Check, Draft, Scene } from './types';

/** A child that was started by spawn or forkserver imports its parent's main module, and that starts processes again. */
export const noMainGuard: Check = { code: 'no-main-guard', kind: 'fact', check };

function check({ model }: Scene): Draft[] {
  const groups = new Map<string, Process[]>();
  for (const process of model.processes.all) {
    const { madeChildAt, startMethod, parent } = process;
    if (madeChildAt === 0 || parent === null || startMethod === null || startMethod === 'fork') continue;
    // It began what it was started for, so its import went well: it fails where there is no guard.
    if (process.image?.identified === true || !process.ended || process.exitCode === 0) continue;
    const key = `${parent.id} ${madeChildAt}`;
    groups.set(key, [...(groups.get(key) ?? []), process]);
  }
  return [...groups].map(([key, children]) => {
    const first = children[0] as Process;
    const parent = first.parent as Process;
    const others = children.length > 1 ? ` (and ${count(children.length - 1, 'more child', 'more children')})` : '';
    return {
      key,
      severity: 'error',
      message: `${who(first)}${others} imported the main module before its work, as ${first.startMethod} does, and that started processes again: it failed with a RuntimeError before it began.`,
      advice: "Put what starts processes under `if __name__ == '__main__':`.",
      processes: [first, parent, ...children.slice(1, 20)],
      evidence: [
        {
          line: first.madeChildAt,
          caption: `${who(first)} came here while it imported the main module`,
          process: first,
        },
        { line: first.line, caption: `${who(first)} was started here`, process: parent },
      ],
      since: first.startedAt,
    };
  });
}
