/** Which processes wait for a process that is paused by the debugger. Pure. */

import * as l10n from '@vscode/l10n';
import type { Call } from '../../server/protocol/calls';
import type { ProcessId, WaitEdge } from '../../server/protocol/views';
import type { SessionView } from '../../server/shared/sessionView';
import { callText } from '../../server/shared/text/calls';

interface Waiter {
  readonly name: string;
  readonly call: Call;
}

/** Processes waiting for one: the waiters that only it can unblock (`sure`), else the ones that others could unblock too. */
export interface Waiters {
  readonly sure: boolean;
  readonly all: readonly Waiter[];
}

export const NOBODY: Waiters = { sure: true, all: [] };

/** One wait has an edge to each process that could end it. */
const keyOf = ({ from, thread, operation, on }: WaitEdge): string => JSON.stringify([from, thread, operation, on]);

export function waitersOf(session: SessionView, id: ProcessId): Waiters {
  const { edges, nodes } = session.waitGraph;
  const dead = new Set(nodes.filter((each) => each.dead).map((each) => each.processId));
  const couldEnd = new Map<string, Set<ProcessId>>();
  for (const edge of edges) {
    if (dead.has(edge.to)) continue;
    const known = couldEnd.get(keyOf(edge)) ?? new Set();
    couldEnd.set(keyOf(edge), known.add(edge.to));
  }
  const mine = edges.filter((each) => each.to === id && each.from !== id);
  const sure = mine.filter((each) => couldEnd.get(keyOf(each))?.size === 1);
  const byProcess = new Map((sure.length > 0 ? sure : mine).map((each) => [each.from, each]));
  const all = [...byProcess.values()].map(({ from, operation, target, on }): Waiter => {
    // A join would repeat the row's own name.
    const itself = operation === 'join' || operation === 'waitpid';
    return { name: session.processes.get(from)?.name ?? from, call: { operation, target, on: itself ? '' : on } };
  });
  return { sure: sure.length > 0 || mine.length === 0, all };
}

/** "main is waiting in tasks.get()", "main and 2 more are waiting"; '' when none does. */
export function waitersText({ sure, all }: Waiters): string {
  const [first, ...others] = all;
  if (first === undefined) return '';
  const { name, call } = first;
  if (others.length > 0) {
    return sure
      ? l10n.t('{0} and {1} more are waiting', name, others.length)
      : l10n.t('{0} and {1} more may be waiting', name, others.length);
  }
  return sure
    ? l10n.t('{0} is waiting in {1}', name, callText(call))
    : l10n.t('{0} may be waiting in {1}', name, callText(call));
}
