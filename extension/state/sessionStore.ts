/**
 * What the server sent, kept as plain maps: the one state that tree views, status bar and panel share.
 * It derives nothing; it only applies deltas and says, once per burst, what they changed.
 */

import { type SessionDelta, STREAM_VERSION, type UpdateParams } from '../../server/protocol/stream';
import type { ChannelId, PoolId, ProcessId, SessionId } from '../../server/protocol/views';
import { applyDelta, type SessionView, type SessionViews, sessionTime } from '../../server/shared/sessionView';

/** What a burst of updates changed in one session. */
interface SessionChange {
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

type StoreListener = (change: StoreChange) => void;

interface MutableChange extends SessionChange {
  full: boolean;
  session: boolean;
  readonly processes: Set<ProcessId>;
  readonly channels: Set<ChannelId>;
  readonly pools: Set<PoolId>;
}

const emptyChange = (): MutableChange => ({
  full: false,
  session: false,
  processes: new Set(),
  channels: new Set(),
  pools: new Set(),
});

function note<K>(changed: Set<K>, ...lists: readonly (readonly { readonly id: K }[] | undefined)[]): void {
  for (const list of lists) for (const { id } of list ?? []) changed.add(id);
}

export class SessionStore {
  private readonly states: SessionViews = new Map();
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
  get sessions(): ReadonlyMap<SessionId, SessionView> {
    return this.states;
  }

  session(id: SessionId): SessionView | undefined {
    return this.states.get(id);
  }

  /** Calls back once per burst of updates. Returns the function that stops it. */
  onDidChange(listener: StoreListener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Applies an update of the server. Listeners are called soon after it returns. */
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

  /** The whole state as one update of full deltas, for a new view. */
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

  /** The session's own clock, ms; 0 of one that is not known. */
  sessionTime(id: SessionId): number {
    const state = this.states.get(id);
    return state === undefined ? 0 : sessionTime(state, this.now());
  }

  private applyDelta(delta: SessionDelta): void {
    const change = this.changes.get(delta.id) ?? emptyChange();
    if (applyDelta(this.states, delta, this.now())) {
      change.full = true;
      this.closed.delete(delta.id);
    }
    this.changes.set(delta.id, change);
    const own = [delta.meta, delta.status, delta.findings, delta.waitGraph, delta.developer];
    if (own.some((each) => each !== undefined)) change.session = true;
    note(change.processes, delta.processes, delta.processStatus);
    note(change.channels, delta.channels, delta.channelStatus);
    note(change.pools, delta.pools, delta.poolStatus);
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
