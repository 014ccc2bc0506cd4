import type { WaitEdge, WaitGraph } from '../../../protocol/views';
import type { Blocked } from '../entities/blocked';
import type { Process } from '../entities/process';
import { isServant } from '../query/servants';
import type { Holder, Waits } from '../query/waits';
import { waitView } from './waits';

/** More edges are not readable, so each wait then keeps a few. A queue shared by 200 workers would make 40,000. */
const MAX_EDGES = 1500;
const EDGES_EACH = 3;
/** Maximum number of waits shown. */
const MAX_WAITS = 1000;

/** Edges from each waiting process to the processes that could unblock it. */
export function waitGraph(waits: Waits): WaitGraph {
  const all = waits.all.filter((each) => !(isServant(each) && each.operation === 'recv')); // an idle helper thread
  const shown = all.slice(0, MAX_WAITS);
  const total = shown.reduce((sum, each) => sum + (waits.holders.get(each)?.length ?? 0), 0);
  const limit = total > MAX_EDGES ? EDGES_EACH : total;
  const edges: WaitEdge[] = [];
  const processes = new Set<Process>();
  for (const wait of shown) {
    const holders = waits.livingFirst(wait);
    for (const holder of holders.slice(0, limit)) {
      processes.add(wait.process).add(holder.process);
      edges.push(edge(waits, wait, holder, holders.length - limit));
    }
  }
  const leftOut = all.length - shown.length;
  return { nodes: nodes(waits, processes), edges, cycles: cycles(waits), ...(leftOut > 0 && { leftOut }) };
}

/** @param others number of further processes that could end the wait */
function edge({ model }: Waits, wait: Blocked, { process, why }: Holder, others: number): WaitEdge {
  const { operation, target, on, channelId, sinceMs, line, thread } = waitView(model, wait);
  return {
    from: wait.process.id,
    to: process.id,
    operation,
    target,
    on,
    channelId,
    sinceMs,
    line,
    thread,
    real: wait.timeout === null,
    why,
    ...(others > 0 && { others }),
  };
}

function nodes(waits: Waits, processes: ReadonlySet<Process>): WaitGraph['nodes'] {
  return [...processes].map((each) => ({
    processId: each.id,
    dead: !waits.lives(each),
    stuck: waits.stuck.has(each) && !waits.wakeable.has(each),
  }));
}

/** A cycle that a signal handler may break is not a permanent one. */
function cycles(waits: Waits): string[][] {
  const lasting = waits.cycles().filter((cycle) => !cycle.every((each) => waits.wakeable.has(each)));
  return lasting.map((cycle) => cycle.map((each) => each.id));
}
