import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { type SessionDelta, STREAM_VERSION, type UpdateParams } from '../../protocol/stream';
import type { SessionId } from '../../protocol/views';
import { errorText, log } from '../log/log';
import { monotonic } from './clock';
import { sourceAt } from './open';
import { Session } from './session';
import { sourceLine } from './sources';
import type { Engine } from './types';

/** 20 updates a second; half as often when nothing happened for two seconds. */
const TICK = 50;
const IDLE_TICK = 100;
const IDLE_AFTER = 2e9;

interface EngineOptions {
  /** Interval between two updates, ms; tests may shorten it. */
  readonly tickMs?: number;
}

/** All sessions of this server, polled on one clock that keeps no process alive. */
export function createEngine(options: EngineOptions = {}): Engine {
  return new Sessions(options.tickMs ?? TICK);
}

class Sessions implements Engine {
  readonly sessions = new Map<SessionId, Session>();
  private readonly listeners = new Set<(update: UpdateParams) => void>();
  private closed: SessionId[] = [];
  private muted: ReadonlySet<string> = new Set();
  private timer: NodeJS.Timeout | null = null;
  private due = 0;
  private lastUpdate = Number.NEGATIVE_INFINITY;

  constructor(private readonly tickMs: number) {}

  async open(path: string): Promise<Session> {
    const source = await sourceAt(path);
    const same = [...this.sessions.values()].find((each) => each.source.path === source.path);
    if (same !== undefined) {
      if (source.temporary) rmSync(source.folder, { recursive: true, force: true });
      await same.refresh();
      return same;
    }
    const { id } = source.file;
    // A recording may come from anywhere: its source files are read when the user opens them, not because it names them.
    const readLine = source.recorded ? () => '' : sourceLine;
    const session = new Session(source, this.sessions.has(id) ? `${id}.${randomUUID().slice(0, 8)}` : id, readLine);
    session.mute(this.muted);
    this.sessions.set(session.id, session);
    await session.refresh();
    this.schedule(0);
    return session;
  }

  async close(id: SessionId, options: { deleteFolder?: boolean } = {}): Promise<void> {
    const session = this.sessions.get(id);
    if (session === undefined) return;
    this.sessions.delete(id);
    session.dispose(options.deleteFolder === true);
    this.closed.push(id);
    this.schedule(0);
  }

  onUpdate(listener: (update: UpdateParams) => void): () => void {
    this.listeners.add(listener);
    this.schedule(0);
    return () => this.listeners.delete(listener);
  }

  resync(): UpdateParams {
    const sessions: SessionDelta[] = [];
    for (const session of this.sessions.values()) {
      session.takeDelta(); // what changed until now is in the snapshot
      sessions.push(session.snapshot());
    }
    return { version: STREAM_VERSION, sessions, closed: [] };
  }

  muteFindings(codes: readonly string[]): void {
    this.muted = new Set(codes);
    for (const session of this.sessions.values()) session.mute(this.muted);
    this.schedule(0);
  }

  async dispose(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.listeners.clear();
    for (const session of this.sessions.values()) session.dispose(false);
    this.sessions.clear();
  }

  private schedule(after: number): void {
    const due = performance.now() + after;
    if (this.timer !== null) {
      if (this.due <= due) return;
      clearTimeout(this.timer);
    }
    this.due = due;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.tick();
    }, after);
    this.timer.unref();
  }

  private tick(): void {
    let behind = false;
    let live = false;
    let idle = true;
    for (const session of this.sessions.values()) {
      try {
        behind = session.poll() || behind;
      } catch (error) {
        log.note('error', () => `reading ${session.id}: ${errorText(error, true)}`);
        session.model.warn(`Reading the session failed: ${(error as Error).message}.`);
      }
      if (session.finished) continue;
      live = true;
      idle &&= monotonic() - session.lastActive > IDLE_AFTER;
    }
    const now = performance.now();
    const wait = this.lastUpdate + this.tickMs - now;
    try {
      if (wait <= 1) this.tell(now);
    } catch (error) {
      raiseLater(error);
    }
    if (behind) this.schedule(1);
    else if (live) this.schedule(idle ? Math.max(IDLE_TICK, this.tickMs) : this.tickMs);
    else if (wait > 1) this.schedule(wait);
  }

  private tell(now: number): void {
    // Changes accumulate until the first listener subscribes.
    if (this.listeners.size === 0) return;
    const sessions: SessionDelta[] = [];
    for (const session of this.sessions.values()) {
      const delta = session.takeDelta();
      if (delta !== null) sessions.push(delta);
    }
    const closed = this.closed.splice(0);
    if (sessions.length + closed.length === 0) return;
    this.lastUpdate = now;
    const update: UpdateParams = { version: STREAM_VERSION, sessions, closed };
    for (const listener of [...this.listeners]) {
      try {
        listener(update);
      } catch (error) {
        raiseLater(error);
      }
    }
  }
}

/** One listener's error must not affect the others or stop the clock: it goes to the process, which reports it or exits. */
function raiseLater(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}
