/**
 * What the server sent, kept as plain maps: the one state that tree views, status bar and panel share.
 * It derives nothing; it only applies deltas and says, once per burst, what they changed.
 */
import { type SessionDelta, STREAM_VERSION, type UpdateParams } from '../../server/protocol/stream';
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
} from '../../server/protocol/views';

/** Everything known of one session. Statuses may be missing for a moment after their metadata came, and the other way round. */
export interface SessionState {
  readonly id: SessionId;
  readonly meta: SessionMeta | undefined;
  readonly status: SessionStatus | undefined;
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

/** What a burst of updates changed in one session. */
export interface SessionChange {
  /** The session appeared, or everything of it was replaced. */
  readonly full: boolean;
  /** Its own metadata or status, its findings or waits. */
  readonly session: boolean;
  /** Ids whose metadata or status changed. */
  readonly processes: ReadonlySet<ProcessId>;
  readonly channels: ReadonlySet<ChannelId>;
  readonly pools: ReadonlySet<PoolId>;
}

export interface StoreChange {
  readonly sessions: ReadonlyMap<SessionId, SessionChange>;
  readonly closed: ReadonlySet<SessionId>;
}

export type StoreListener = (change: StoreChange) => void;

interface MutableState extends SessionState {
  meta: SessionMeta | undefined;
  status: SessionStatus | undefined;
  /** Wall clock, ms, when the status came. */
  statusAt: number;
  readonly processes: Map<ProcessId, ProcessMeta>;
  readonly processStatus: Map<ProcessId, ProcessStatus>;
  readonly channels: Map<ChannelId, ChannelMeta>;
  readonly channelStatus: Map<ChannelId, ChannelStatus>;
  readonly pools: Map<PoolId, PoolMeta>;
  readonly poolStatus: Map<PoolId, PoolStatus>;
  findings: readonly Finding[];
  waitGraph: WaitGraph;
  developer: readonly DeveloperAction[];
}

interface MutableChange extends SessionChange {
  full: boolean;
  session: boolean;
  readonly processes: Set<ProcessId>;
  readonly channels: Set<ChannelId>;
  readonly pools: Set<PoolId>;
}

const emptyState = (id: SessionId): MutableState => ({
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
});

const emptyChange = (): MutableChange => ({
  full: false,
  session: false,
  processes: new Set(),
  channels: new Set(),
  pools: new Set(),
});

function put<K, V extends { readonly id: K }>(map: Map<K, V>, values: readonly V[] | undefined, changed: Set<K>): void {
  for (const value of values ?? []) {
    map.set(value.id, value);
    changed.add(value.id);
  }
}

export class SessionStore {
  private readonly states = new Map<SessionId, MutableState>();
  private readonly listeners = new Set<StoreListener>();
  private changes = new Map<SessionId, MutableChange>();
  private closed = new Set<SessionId>();
  private scheduled = false;

  /**
   * `schedule` runs its argument a little later, after everything that arrives together was applied; `now` is the wall
   * clock in ms.
   */
  constructor(
    private readonly schedule: (flush: () => void) => void = (flush) => setImmediate(flush),
    private readonly now: () => number = Date.now,
  ) {}

  /** In the order in which they became known. */
  get sessions(): ReadonlyMap<SessionId, SessionState> {
    return this.states;
  }

  session(id: SessionId): SessionState | undefined {
    return this.states.get(id);
  }

  /** Calls back once per burst of updates. Returns the function that stops it. */
  onDidChange(listener: StoreListener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Takes an update of the server; the state is new when it returns, listeners hear of it soon after. */
  apply(update: UpdateParams): void {
    for (const delta of update.sessions) {
      this.applyDelta(delta);
    }
    for (const id of update.closed) {
      if (this.states.delete(id)) {
        this.changes.delete(id);
        this.closed.add(id);
      }
    }
    if (this.changes.size > 0 || this.closed.size > 0) {
      this.announceSoon();
    }
  }

  /** Everything as one update of full deltas: what a view that begins now has to be told. */
  snapshot(): UpdateParams {
    return {
      version: STREAM_VERSION,
      sessions: [...this.states.values()].map((state) => ({
        id: state.id,
        full: true,
        ...(state.meta === undefined ? {} : { meta: state.meta }),
        ...(state.status === undefined ? {} : { status: state.status }),
        processes: [...state.processes.values()],
        processStatus: [...state.processStatus.values()],
        channels: [...state.channels.values()],
        channelStatus: [...state.channelStatus.values()],
        pools: [...state.pools.values()],
        poolStatus: [...state.poolStatus.values()],
        findings: state.findings,
        waitGraph: state.waitGraph,
        developer: state.developer,
      })),
      closed: [],
    };
  }

  /**
   * The session's own clock: ms since its start now, or at its end; what "since" is measured against. It runs on from the
   * last status, not from `startedAt`: times are counted from the program's first moment, which may be seconds later.
   */
  sessionTime(id: SessionId): number {
    const state = this.states.get(id);
    if (state?.status === undefined) {
      return 0;
    }
    const { durationMs, state: lives } = state.status;
    const stands = lives === 'ended' || state.meta?.recorded === true;
    return stands ? durationMs : durationMs + Math.max(0, this.now() - state.statusAt);
  }

  private applyDelta(delta: SessionDelta): void {
    let state = this.states.get(delta.id);
    const change = this.changes.get(delta.id) ?? emptyChange();
    if (state === undefined || delta.full) {
      state = emptyState(delta.id);
      change.full = true;
      this.closed.delete(delta.id);
    }
    this.states.set(delta.id, state);
    this.changes.set(delta.id, change);
    if (delta.meta !== undefined) {
      state.meta = delta.meta;
      change.session = true;
    }
    if (delta.status !== undefined) {
      state.status = delta.status;
      state.statusAt = this.now();
      change.session = true;
    }
    put(state.processes, delta.processes, change.processes);
    put(state.processStatus, delta.processStatus, change.processes);
    put(state.channels, delta.channels, change.channels);
    put(state.channelStatus, delta.channelStatus, change.channels);
    put(state.pools, delta.pools, change.pools);
    put(state.poolStatus, delta.poolStatus, change.pools);
    if (delta.findings !== undefined) {
      state.findings = delta.findings;
      change.session = true;
    }
    if (delta.waitGraph !== undefined) {
      state.waitGraph = delta.waitGraph;
      change.session = true;
    }
    if (delta.developer !== undefined) {
      state.developer = delta.developer;
      change.session = true;
    }
  }

  private announceSoon(): void {
    if (this.scheduled) {
      return;
    }
    this.scheduled = true;
    this.schedule(() => {
      const change: StoreChange = { sessions: this.changes, closed: this.closed };
      this.scheduled = false;
      this.changes = new Map();
      this.closed = new Set();
      for (const listener of [...this.listeners]) {
        listener(change);
      }
    });
  }
}
