import type { SessionDelta, UpdateParams } from '../../../server/protocol/stream';
import type {
  ChannelMeta,
  ChannelStatus,
  DeveloperAction,
  Finding,
  PoolMeta,
  PoolStatus,
  ProcessMeta,
  ProcessStatus,
  SessionId,
  SessionMeta,
  SessionStatus,
  WaitGraph,
} from '../../../server/protocol/views';

/** What the panel knows of one session: the last that was sent. */
export interface SessionView {
  readonly id: SessionId;
  meta: SessionMeta | null;
  status: SessionStatus | null;
  /** Wall clock, ms, when the status came. */
  statusAt: number;
  /** The worst first. */
  findings: readonly Finding[];
  waitGraph: WaitGraph;
  developer: readonly DeveloperAction[];
  readonly processes: Map<string, ProcessMeta>;
  readonly processStatus: Map<string, ProcessStatus>;
  readonly channels: Map<string, ChannelMeta>;
  readonly channelStatus: Map<string, ChannelStatus>;
  readonly pools: Map<string, PoolMeta>;
  readonly poolStatus: Map<string, PoolStatus>;
}

/** Brings an update into the sessions. Answers the ids of channels whose depth may have changed, by session. */
export function applyUpdate(
  sessions: Map<SessionId, SessionView>,
  update: UpdateParams,
): Map<SessionId, readonly string[]> {
  const touched = new Map<SessionId, readonly string[]>();
  for (const id of update.closed) sessions.delete(id);
  for (const delta of update.sessions) {
    let session = sessions.get(delta.id);
    if (session === undefined || delta.full) {
      session = empty(delta.id);
      sessions.set(delta.id, session);
    }
    applyDelta(session, delta);
    touched.set(
      delta.id,
      (delta.channelStatus ?? []).map((each) => each.id),
    );
  }
  return touched;
}

function empty(id: SessionId): SessionView {
  return {
    id,
    meta: null,
    status: null,
    statusAt: 0,
    findings: [],
    waitGraph: { nodes: [], edges: [], cycles: [] },
    developer: [],
    processes: new Map(),
    processStatus: new Map(),
    channels: new Map(),
    channelStatus: new Map(),
    pools: new Map(),
    poolStatus: new Map(),
  };
}
function applyDelta(session: SessionView, delta: SessionDelta): void {
  if (delta.meta !== undefined) session.meta = delta.meta;
  if (delta.status !== undefined) {
    session.status = delta.status;
    session.statusAt = Date.now();
  }
  if (delta.findings !== undefined) session.findings = delta.findings;
  if (delta.waitGraph !== undefined) session.waitGraph = delta.waitGraph;
  if (delta.developer !== undefined) session.developer = delta.developer;
  for (const each of delta.processes ?? []) session.processes.set(each.id, each);
  for (const each of delta.processStatus ?? []) session.processStatus.set(each.id, each);
  for (const each of delta.channels ?? []) session.channels.set(each.id, each);
  for (const each of delta.channelStatus ?? []) session.channelStatus.set(each.id, each);
  for (const each of delta.pools ?? []) session.pools.set(each.id, each);
  for (const each of delta.poolStatus ?? []) session.poolStatus.set(each.id, each);
}

/** Queues and pipes that the user's code made, queues first, in order of creation. */
export function userChannels(session: SessionView, library = false): ChannelMeta[] {
  const all = [...session.channels.values()].filter((each) => library || each.owner === 'user');
  const rank = (each: ChannelMeta) => (each.kind === 'Pipe' || each.kind === 'Connection' ? 1 : 0);
  return all.sort((a, b) => rank(a) - rank(b));
}
