/** The last known state of every open session, put together from the engine's updates: what the language features show. */
import { resolve } from 'node:path';
import type { SessionDelta, UpdateParams } from '../../protocol/stream';
import type {
  ChannelMeta,
  ChannelStatus,
  Finding,
  PoolMeta,
  PoolStatus,
  ProcessMeta,
  ProcessStatus,
  SessionId,
  SessionMeta,
  SessionStatus,
  SourceLine,
} from '../../protocol/views';
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
  meta: SessionMeta | null = null;
  status: SessionStatus | null = null;
  readonly processes = new Map<string, ProcessMeta>();
  readonly processStatus = new Map<string, ProcessStatus>();
  readonly channels = new Map<string, ChannelMeta>();
  readonly channelStatus = new Map<string, ChannelStatus>();
  readonly pools = new Map<string, PoolMeta>();
  readonly poolStatus = new Map<string, PoolStatus>();
  findings: readonly Finding[] = [];
  /** When the last status came, ms of performance.now. */
  private told = 0;
  /** Of files that were known when the session became known: the moment at which the program has read them. */
  private readonly marks = new Map<FollowedFile, number>();
  private readonly resolved = new Map<string, FollowedFile | null>();

  constructor(
    readonly id: SessionId,
    /** Later ones have higher numbers. */
    readonly order: number,
    private readonly files: Files,
  ) {
    for (const file of files.all) this.marks.set(file, file.saved);
  }

  get live(): boolean {
    return this.status !== null && this.status.state !== 'ended' && this.meta?.recorded !== true;
  }

  /** Ms since the session began, now. */
  get nowMs(): number {
    if (this.status === null) return 0;
    return this.status.durationMs + (this.live ? performance.now() - this.told : 0);
  }

  name(processId: string): string {
    const process = this.processes.get(processId);
    return process === undefined ? processId : process.name || `pid ${process.pid}`;
  }

  /** Where a line of the program is now; null when it was deleted, or the file is another one than the program has read. */
  place(line: SourceLine | null): Place | null {
    const file = line === null ? null : this.fileOf(line.file);
    if (line === null || file === null) return null;
    const now = file.lines.now(line.line - 1, this.marks.get(file) ?? 0);
    return now === null || now >= file.text.lineCount ? null : { file, line: now };
  }

  take(delta: SessionDelta): void {
    if (delta.full) {
      for (const each of [
        this.processes,
        this.processStatus,
        this.channels,
        this.channelStatus,
        this.pools,
        this.poolStatus,
      ]) {
        each.clear();
      }
      this.findings = [];
    }
    if (delta.meta !== undefined) this.meta = delta.meta;
    if (delta.status !== undefined) {
      this.status = delta.status;
      this.told = performance.now();
    }
    put(this.processes, delta.processes);
    put(this.processStatus, delta.processStatus);
    put(this.channels, delta.channels);
    put(this.channelStatus, delta.channelStatus);
    put(this.pools, delta.pools);
    put(this.poolStatus, delta.poolStatus);
    if (delta.findings !== undefined) this.findings = delta.findings;
    // Files are read as soon as the program names them: later they may be other ones.
    for (const each of [delta.processes, delta.channels, delta.pools]) {
      for (const { line } of each ?? []) if (line !== null) this.fileOf(line.file);
    }
  }

  private fileOf(name: string): FollowedFile | null {
    let file = this.resolved.get(name);
    if (file === undefined) {
      const path = resolve(this.meta?.cwd ?? '', name);
      // A recording may come from anywhere, and name any file: only what the user has open is looked at.
      if (this.meta?.recorded === true) return this.files.known(path);
      file = this.files.follow(path);
      const began = Date.parse(this.meta?.startedAt ?? '');
      if (file !== null && file.changedAt > began + CHANGED_AFTER) file = null;
      this.resolved.set(name, file);
    }
    return file;
  }
}

function put<T extends { readonly id: string }>(into: Map<string, T>, list: readonly T[] | undefined): void {
  for (const each of list ?? []) into.set(each.id, each);
}

export class KnownSessions {
  private readonly sessions = new Map<SessionId, KnownSession>();
  private count = 0;

  constructor(private readonly files: Files) {}

  /** Those that run first, then the newest. */
  get all(): readonly KnownSession[] {
    return [...this.sessions.values()].sort((a, b) => Number(b.live) - Number(a.live) || b.order - a.order);
  }

  take({ sessions, closed }: UpdateParams): void {
    for (const delta of sessions) {
      let known = this.sessions.get(delta.id);
      if (known === undefined) {
        this.files.refresh();
        known = new KnownSession(delta.id, this.count++, this.files);
        this.sessions.set(delta.id, known);
      }
      known.take(delta);
    }
    for (const id of closed) this.sessions.delete(id);
    if (closed.length > 0 && this.sessions.size === 0) this.files.forget();
  }
}
