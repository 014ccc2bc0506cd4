/**
 * The parts of the drawing of the waits: blocked processes, operations, and blockers. Pure; positions are in layout.ts.
 */

import type { Call } from '../../../server/protocol/calls';
import type { ProcessId, SourceLine, Wait, WaitEdge, WaitGraph } from '../../../server/protocol/views';
import type { SessionView } from '../../../server/shared/sessionView';
import { groupEquivalentNodes } from './equivalentNodes';

/** One process, or several equivalent ones. */
export interface WaitNode {
  readonly id: string;
  readonly processes: readonly ProcessId[];
  readonly dead: boolean;
  /** It is blocked, and no known event will ever wake it. */
  readonly stuck: boolean;
  /** It is in a deadlock cycle. */
  readonly cycle: boolean;
}

/** One wait, drawn between the blocked process and the processes that could unblock it. */
export interface WaitPill extends Call {
  readonly id: string;
  readonly node: string;
  /** The earliest of the merged waits. */
  readonly sinceMs: number;
  readonly line: SourceLine | null;
  /** It has no timeout. */
  readonly real: boolean;
  /** How many threads of one process wait so; 1 for a group of processes. */
  readonly threads: number;
  /** Number of further processes that could end it, without an arrow. */
  readonly others: number;
  readonly cycle: boolean;
  /**
   * known: arrows lead to the processes that could unblock it. none: all of them have ended. unknown: they are not
   * recorded.
   */
  readonly end: 'known' | 'none' | 'unknown';
}

/** From a wait to a process that could end it. */
export interface WaitArrow {
  readonly pill: string;
  readonly to: string;
  readonly why: string;
  readonly cycle: boolean;
}

export interface WaitDrawing {
  readonly nodes: readonly WaitNode[];
  readonly pills: readonly WaitPill[];
  readonly arrows: readonly WaitArrow[];
  /** Number of omitted waits. */
  readonly leftOut: number;
}

/** A single thread's wait: one of the server's edges, or a wait without one. */
type Single = Pick<WaitEdge, 'from' | 'operation' | 'target' | 'on' | 'sinceMs' | 'line' | 'thread' | 'real'> & {
  readonly end: WaitPill['end'];
  readonly others?: number;
};

/** The last drawings of each graph: updates that do not change it arrive many times a second. */
const drawn = new WeakMap<WaitGraph, Map<string, { readonly key: string; readonly drawing: WaitDrawing }>>();

/**
 * All waits. Returns the same object as long as nothing changes.
 * @param only draw only these processes (those of a finding)
 */
export function drawingOf(session: SessionView, only?: readonly ProcessId[]): WaitDrawing {
  const { waitGraph } = session;
  const inside = only === undefined ? undefined : new Set(only);
  const dangling = danglingWaits(session, new Set(waitGraph.edges.map((each) => each.from))).filter(
    (each) => inside?.has(each.from) ?? true,
  );
  const key = JSON.stringify(dangling);
  const place = (only ?? ['']).join('\n');
  const known = drawn.get(waitGraph) ?? new Map();
  drawn.set(waitGraph, known);
  const before = known.get(place);
  if (before?.key === key) return before.drawing;
  const drawing = draw(session, dangling, (id) => inside?.has(id) ?? true);
  known.set(place, { key, drawing });
  return drawing;
}

function draw(session: SessionView, dangling: readonly Single[], inside: (id: ProcessId) => boolean): WaitDrawing {
  const edges = session.waitGraph.edges.filter((each) => inside(each.from) && inside(each.to));
  const ids = [...new Set([...edges.flatMap((each) => [each.from, each.to]), ...dangling.map((each) => each.from)])];
  const facts = new Map(session.waitGraph.nodes.map((each) => [each.processId, each]));
  const cycles = new Map<ProcessId, number>();
  session.waitGraph.cycles.forEach((cycle, index) => {
    for (const id of cycle) cycles.set(id, index);
  });

  const kinds = new Map(
    ids.map((id) => {
      const fact = facts.get(id);
      const waits = dangling.filter((each) => each.from === id).map((each) => `${label(each)} ${each.end}`);
      return [id, JSON.stringify([fact?.dead, fact?.stuck, cycles.get(id), ...waits])];
    }),
  );
  const groups = groupEquivalentNodes(
    ids,
    (id) => kinds.get(id) ?? '',
    edges.map((each) => ({ from: each.from, to: each.to, label: label(each) })),
  );
  const groupOf = new Map<ProcessId, string>();
  const nodes = groups.map((processes): WaitNode => {
    const first = processes[0] as ProcessId;
    for (const id of processes) groupOf.set(id, first);
    const fact = facts.get(first);
    return {
      id: first,
      processes,
      dead: fact?.dead ?? false,
      stuck: fact?.stuck ?? false,
      cycle: cycles.has(first),
    };
  });

  const pills = new Map<string, { pill: WaitPill; threads: Set<string> }>();
  const arrows = new Map<string, WaitArrow>();
  const pillOf = (wait: Single): string => {
    const node = groupOf.get(wait.from) as string;
    const id = `${node} ${label(wait)} ${wait.end}`;
    const known = pills.get(id);
    const threads = known?.threads ?? new Set<string>();
    threads.add(wait.thread);
    const { operation, target, on, real, end } = wait;
    const older = known !== undefined && known.pill.sinceMs <= wait.sinceMs;
    const sinceMs = older ? known.pill.sinceMs : wait.sinceMs;
    const line = (older ? known.pill.line : null) ?? wait.line ?? known?.pill.line ?? null;
    const others = Math.max(wait.others ?? 0, known?.pill.others ?? 0);
    const pill = {
      id,
      node,
      operation,
      target,
      on,
      sinceMs,
      line,
      real,
      end,
      others,
      threads: threads.size,
      cycle: false,
    };
    pills.set(id, { pill, threads });
    return id;
  };
  const inCycle = new Set<string>();
  for (const edge of edges) {
    const pill = pillOf({ ...edge, end: 'known' });
    const to = groupOf.get(edge.to) as string;
    const cycle = edge.real && cycles.has(edge.from) && cycles.get(edge.from) === cycles.get(edge.to);
    if (cycle) inCycle.add(pill);
    arrows.set(`${pill} ${to}`, { pill, to, why: edge.why, cycle });
  }
  for (const wait of dangling) pillOf(wait);
  return {
    nodes,
    pills: [...pills.values()].map(({ pill }) => ({ ...pill, cycle: inCycle.has(pill.id) })),
    arrows: [...arrows.values()],
    leftOut: session.waitGraph.leftOut ?? 0,
  };
}

/** Waits without a known blocker: none is left, or it is unknown. */
function danglingWaits(session: SessionView, waiting: ReadonlySet<ProcessId>): Single[] {
  const found: Single[] = [];
  for (const status of session.processStatus.values()) {
    if (status.state !== 'waiting' || waiting.has(status.id)) continue;
    for (const wait of status.waits) {
      // A wait without a line is the library's own.
      if (wait.line === null) continue;
      const end = wait.blockers === undefined ? 'unknown' : 'none';
      found.push({ ...wait, from: status.id, real: isReal(wait), end });
    }
  }
  return found;
}

/** Whether it has no timeout; if the server does not say, the timeout decides. */
function isReal(wait: Wait): boolean {
  return wait.real ?? wait.timeoutMs === null;
}

function label({ operation, on, real }: Pick<Single, 'operation' | 'on' | 'real'>): string {
  return JSON.stringify([operation, on, real]);
}
