/** Every open session with the files that it names, as they are now: what the language features show. */
import { resolve } from 'node:path';
import type { SessionDelta, UpdateParams } from '../../protocol/stream';
import type { SessionId, SourceLine } from '../../protocol/views';
import { applyDelta, isOver, type SessionView, type SessionViews, sessionTime } from '../../shared/sessionView';
import type { Files, FollowedFile } from './files';

/** A file that changed so long after the program began is another one, ms. File systems and clocks are not exact. */
const CHANGED_AFTER = 1000;

/** A line as it is now. */
export interface Place {
  readonly file: FollowedFile;
  /** From 0. */
  readonly line: number;
}

export class KnownSession {
  /** Of files that were known when the session became known: the moment at which the program has read them. */
  private readonly marks = new Map<FollowedFile, number>();
  private readonly resolved = new Map<string, FollowedFile | null>();

  /** @param view what the stream has told of it; @param order later ones have higher numbers */
  constructor(
    public view: SessionView,
    readonly order: number,
    private readonly files: Files,
  ) {
    for (const file of files.all) this.marks.set(file, file.saved);
  }

  get id(): SessionId {
    return this.view.id;
  }
  get live(): boolean {
    return this.view.status !== undefined && !isOver(this.view);
  }

  /** Ms since the session began, now. */
  get nowMs(): number {
    return sessionTime(this.view, performance.now());
  }

  name(processId: string): string {
    const process = this.view.processes.get(processId);
    return process === undefined ? processId : process.name || `pid ${process.pid}`;
  }

  /** Where a line of the program is now; null when it was deleted, or the file is another one than the program has read. */
  place(line: SourceLine | null): Place | null {
    const file = line === null ? null : this.fileOf(line.file);
    if (line === null || file === null) return null;
    const now = file.lines.now(line.line - 1, this.marks.get(file) ?? 0);
    return now === null || now >= file.text.lineCount ? null : { file, line: now };
  }

  /** Files are read as soon as the program names them: later they may be other ones. */
  follow(delta: SessionDelta): void {
    for (const each of [delta.processes, delta.channels, delta.pools]) {
      for (const { line } of each ?? []) if (line !== null) this.fileOf(line.file);
    }
  }

  private fileOf(name: string): FollowedFile | null {
    let file = this.resolved.get(name);
    if (file === undefined) {
      const path = resolve(this.view.meta?.cwd ?? '', name);
      // A recording may come from anywhere, and name any file: only what the user has open is looked at.
      if (this.view.meta?.recorded === true) return this.files.known(path);
      file = this.files.follow(path);
      const began = Date.parse(this.view.meta?.startedAt ?? '');
      if (file !== null && file.changedAt > began + CHANGED_AFTER) file = null;
      this.resolved.set(name, file);
    }
    return file;
  }
}

export class KnownSessions {
  private readonly sessions = new Map<SessionId, KnownSession>();
  private readonly views: SessionViews = new Map();
  private count = 0;

  constructor(private readonly files: Files) {}

  /** Those that run first, then the newest. */
  get all(): readonly KnownSession[] {
    return [...this.sessions.values()].sort((a, b) => Number(b.live) - Number(a.live) || b.order - a.order);
  }

  take({ sessions, closed }: UpdateParams): void {
    for (const delta of sessions) {
      // A clock that no one sets: the views count on from it.
      applyDelta(this.views, delta, performance.now());
      const view = this.views.get(delta.id);
      if (view === undefined) continue;
      let known = this.sessions.get(delta.id);
      if (known === undefined) {
        this.files.refresh();
        known = new KnownSession(view, this.count++, this.files);
        this.sessions.set(delta.id, known);
      }
      known.view = view;
      known.follow(delta);
    }
    for (const id of closed) {
      this.sessions.delete(id);
      this.views.delete(id);
    }
    if (closed.length > 0 && this.sessions.size === 0) this.files.forget();
  }
}
