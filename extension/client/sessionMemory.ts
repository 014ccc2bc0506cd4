/** Which session folders and recordings are open, so that a restarted server can reopen them. */
import type { SessionId } from '../../server/protocol/views';

/** Where the list is kept between two lives of the window; VS Code's Memento fits. */
export interface Store {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

interface RememberedSession {
  readonly sessionId: SessionId;
  readonly path: string;
}

const KEY = 'forkscope.openSessions';

function isSession(value: unknown): value is RememberedSession {
  const { sessionId, path } = (value ?? {}) as Partial<RememberedSession>;
  return typeof sessionId === 'string' && typeof path === 'string';
}

export class SessionMemory {
  private sessions: readonly RememberedSession[];

  constructor(private readonly store: Store) {
    const stored = store.get(KEY);
    this.sessions = Array.isArray(stored) ? stored.filter(isSession) : [];
  }

  /** In the order in which they were opened. */
  get all(): readonly RememberedSession[] {
    return this.sessions;
  }

  remember(session: RememberedSession): void {
    this.keep([...this.sessions.filter((each) => each.sessionId !== session.sessionId), session]);
  }

  forget(sessionId: SessionId): void {
    if (this.sessions.some((each) => each.sessionId === sessionId)) {
      this.keep(this.sessions.filter((each) => each.sessionId !== sessionId));
    }
  }

  private keep(sessions: readonly RememberedSession[]): void {
    this.sessions = sessions;
    void this.store.update(KEY, sessions);
  }
}
