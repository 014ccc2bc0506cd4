import { existsSync, statSync } from 'node:fs';
import type { UpdateParams } from '../protocol/stream';
import type { SessionId } from '../protocol/views';
import { readSessionEnd, readSessionFile } from './folder';
import { Session } from './handle';
import { unpackRecording } from './recording';
import type { Engine, SessionHandle } from './types';

/** At most 20 updates a second. */
const TICK_MS = 50;

/** All sessions of this server, tailed on one clock. */
export function createEngine(): Engine {
  return new Sessions();
}

class Sessions implements Engine {
  readonly sessions = new Map<SessionId, Session>();
  private readonly listeners = new Set<(update: UpdateParams) => void>();
  private closed: SessionId[] = [];
  private timer: NodeJS.Timeout | null = null;

  async open(path: string): Promise<SessionHandle> {
    if (!existsSync(path)) throw new Error(`${path} does not exist (any more).`);
    const isFolder = statSync(path).isDirectory();
    const folder = isFolder ? path : await unpackRecording(path);
    const file = readSessionFile(folder);
    const known = this.sessions.get(file.id);
    if (known !== undefined) return known;
    // A folder whose program ended while nobody watched is over, unless some of its processes still live: then it ends by itself.
    const session = new Session(folder, file, path, !isFolder, !isFolder);
    this.sessions.set(session.id, session);
    if (isFolder && readSessionEnd(folder) !== null) await session.refresh();
    this.start();
    this.publish(session);
    return session;
  }

  async close(id: SessionId, options: { deleteFolder?: boolean } = {}): Promise<void> {
    const session = this.sessions.get(id);
    if (session === undefined) return;
    this.sessions.delete(id);
    session.dispose(options.deleteFolder === true);
    this.closed.push(id);
    this.send({ version: 1, sessions: [], closed: this.closed.splice(0) });
  }

  onUpdate(listener: (update: UpdateParams) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  resync(): UpdateParams {
    const sessions = [...this.sessions.values()].map((each) => {
      each.takeDelta(); // what changed until now is in the snapshot
      return each.snapshot();
    });
    return { version: 1, sessions, closed: [] };
  }

  async dispose(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    for (const each of this.sessions.values()) each.dispose(false);
    this.sessions.clear();
    this.listeners.clear();
  }

  private start(): void {
    if (this.timer !== null) return;
    this.timer = setTimeout(() => this.tick(), TICK_MS);
    this.timer.unref();
  }

  private tick(): void {
    const begun = Date.now();
    let behind = false;
    for (const each of this.sessions.values()) {
      try {
        if (each.poll()) behind = true;
      } catch (error) {
        each.model.warn(`Reading the session failed: ${(error as Error).message}.`);
      }
    }
    if (begun - this.lastSent >= TICK_MS - 5) this.publishAll();
    const live = [...this.sessions.values()].some((each) => !each.finished);
    this.timer = null;
    if (live) {
      this.timer = setTimeout(() => this.tick(), behind ? 1 : TICK_MS);
      this.timer.unref();
    } else {
      this.publishAll();
    }
  }
  private lastSent = 0;

  private publishAll(): void {
    this.lastSent = Date.now();
    const sessions = [...this.sessions.values()].map((each) => each.takeDelta()).filter((each) => each !== null);
    if (sessions.length > 0) this.send({ version: 1, sessions, closed: [] });
  }

  private publish(session: Session): void {
    session.takeDelta();
    this.send({ version: 1, sessions: [session.snapshot()], closed: [] });
  }

  private send(update: UpdateParams): void {
    for (const each of this.listeners) each(update);
  }
}
