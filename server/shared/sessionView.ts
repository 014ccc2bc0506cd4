/** What whoever follows the stream knows of one session: the last that was sent, as plain maps. */
import type { SessionDelta } from '../protocol/stream';
import type {
  ChannelId,
  ChannelMeta,
  ChannelStatus,
  DeveloperAction,
  Finding,
  PoolId,
  PoolMeta,
  PoolStatus,
  ProcessId,
  ProcessMeta,
  ProcessStatus,
  SessionId,
  SessionMeta,
  SessionStatus,
  WaitGraph,
} from '../protocol/views';

/** Statuses may be missing for a moment after their metadata came, and the other way round. */
export interface SessionView {
  readonly id: SessionId;
  readonly meta: SessionMeta | undefined;
  readonly status: SessionStatus | undefined;
  /** Wall clock, ms, when the status came. */
  readonly statusAt: number;
  readonly processes: ReadonlyMap<ProcessId, ProcessMeta>;
  readonly processStatus: ReadonlyMap<ProcessId, ProcessStatus>;
  readonly channels: ReadonlyMap<ChannelId, ChannelMeta>;
  readonly channelStatus: ReadonlyMap<ChannelId, ChannelStatus>;
  readonly pools: ReadonlyMap<PoolId, PoolMeta>;
  readonly poolStatus: ReadonlyMap<PoolId, PoolStatus>;
  /** The worst first. */
  readonly findings: readonly Finding[];
  readonly waitGraph: WaitGraph;
  /** What whoever debugs did to messages. */
  readonly developer: readonly DeveloperAction[];
}

/** The same for whoever applies deltas. */
type Mutable = {
  -readonly [K in keyof SessionView]: SessionView[K] extends ReadonlyMap<infer I, infer V> ? Map<I, V> : SessionView[K];
};

/** Sessions by id, in the order in which they became known. Only `applyDelta` changes one. */
export type SessionViews = Map<SessionId, SessionView>;

/**
 * Brings a delta into the sessions. A session stays the same object until everything of it is replaced.
 * @param wallClock ms, now
 * @returns whether the session is new, or everything of it was replaced
 */
export function applyDelta(sessions: SessionViews, delta: SessionDelta, wallClock: number): boolean {
  const known = delta.full ? undefined : (sessions.get(delta.id) as Mutable | undefined);
  const session = known ?? empty(delta.id);
  sessions.set(delta.id, session);
  session.meta = delta.meta ?? session.meta;
  if (delta.status !== undefined) {
    session.status = delta.status;
    session.statusAt = wallClock;
  }
  session.findings = delta.findings ?? session.findings;
  session.waitGraph = delta.waitGraph ?? session.waitGraph;
  session.developer = delta.developer ?? session.developer;
  put(session.processes, delta.processes);
  put(session.processStatus, delta.processStatus);
  put(session.channels, delta.channels);
  put(session.channelStatus, delta.channelStatus);
  put(session.pools, delta.pools);
  put(session.poolStatus, delta.poolStatus);
  return known === undefined;
}

function empty(id: SessionId): Mutable {
  return {
    id,
    meta: undefined,
    status: undefined,
    statusAt: 0,
    processes: new Map(),
    processStatus: new Map(),
    channels: new Map(),
    channelStatus: new Map(),
    pools: new Map(),
    poolStatus: new Map(),
    findings: [],
    waitGraph: { nodes: [], edges: [], cycles: [] },
    developer: [],
  };
}

function put<K, V extends { readonly id: K }>(map: Map<K, V>, values: readonly V[] | undefined): void {
  for (const value of values ?? []) map.set(value.id, value);
}

/** Nothing of it changes any more: it has ended, or was read from a file. */
export function isOver(session: SessionView): boolean {
  return session.status?.state === 'ended' || session.meta?.recorded === true;
}

/**
 * The session's own clock: ms since its start now, or at its end; what "since" is measured against. It runs on from the last status,
 * not from `startedAt`: times are counted from the program's first moment, which may be seconds later.
 * @param wallClock ms, now
 */
export function sessionTime(session: SessionView, wallClock: number): number {
  const { status, statusAt } = session;
  if (status === undefined) return 0;
  return isOver(session) ? status.durationMs : status.durationMs + Math.max(0, wallClock - statusAt);
}
