/** A plan in words, for the log: of conditions and messages only that there are some, for they may quote the program's data. */
import { basename } from 'node:path';
import type { Conditions, Plan } from './plan';

export function planText(plan: Plan, armed: boolean): string {
  const parts = [
    ...plan.lines.map((each) => `line ${basename(each.file)}:${each.line} ${marks(each)}`),
    ...plan.functions.map((each) => {
      const keys = each.keys === undefined ? '' : ` (${each.keys.length} descriptors)`;
      return `function ${each.target ?? '*'}.${each.call ?? '*'}${keys} ${marks(each)}`;
    }),
    ...Object.entries(plan.filters).map(([name, each]) => `filter ${name} ${marks(each)}`),
    ...plan.pause.map((pid) => `pause pid ${pid}`),
    ...plan.follow.map(({ id, size }) => `follow #${id} of ${size} bytes`),
    ...(plan.freeze === null ? [] : [`hold all but pid ${plan.freeze.join(' ')}`]),
    ...(plan.entry === true ? ['stop at the first operation'] : []),
    ...(plan.hold === undefined ? [] : ['hold until there is another plan']),
  ];
  return `${armed ? 'armed' : 'not armed'}: ${parts.join(', ') || 'nothing'}`;
}

function marks({ id, condition, log }: Conditions): string {
  return `#${id}${condition === undefined ? '' : ' if …'}${log === undefined ? '' : ' log …'}`;
}
