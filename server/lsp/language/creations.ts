/** What a program made at which line: channels, pools and processes, by the line that made them. */
import type {
  ChannelMeta,
  ChannelStatus,
  PoolMeta,
  PoolStatus,
  ProcessMeta,
  ProcessOrigin,
  ProcessStatus,
  SourceLine,
} from '../../protocol/views';
import type { FollowedFile } from './files';
import type { KnownSession, KnownSessions } from './sessions';

export interface Known<M, S> {
  readonly meta: M;
  readonly status: S;
}

export interface Creation {
  readonly session: KnownSession;
  /** From 0. */
  readonly line: number;
  readonly channels: Known<ChannelMeta, ChannelStatus>[];
  readonly pools: Known<PoolMeta, PoolStatus>[];
  readonly processes: Known<ProcessMeta, ProcessStatus>[];
}

/** Processes that a line starts by itself; pools tell of their workers, and helpers are nobody's wish. */
const STARTED: ReadonlySet<ProcessOrigin> = new Set(['fork', 'process', 'manager', 'subprocess']);

/** In the order of the lines, of the session that matters: one that runs, else the last one that made anything here. */
export function creations(sessions: KnownSessions, file: FollowedFile): Creation[] {
  for (const session of sessions.all) {
    const found = ofSession(session, file);
    if (found.length > 0) return found;
  }
  return [];
}

function ofSession(session: KnownSession, file: FollowedFile): Creation[] {
  const byLine = new Map<number, Creation>();
  const at = (where: SourceLine | null): Creation | null => {
    const place = session.place(where);
    if (place === null || place.file !== file) return null;
    let creation = byLine.get(place.line);
    if (creation === undefined) {
      creation = { session, line: place.line, channels: [], pools: [], processes: [] };
      byLine.set(place.line, creation);
    }
    return creation;
  };
  for (const meta of session.view.channels.values()) {
    const status = session.view.channelStatus.get(meta.id);
    if (meta.owner === 'user' && status !== undefined) at(meta.line)?.channels.push({ meta, status });
  }
  for (const meta of session.view.pools.values()) {
    const status = session.view.poolStatus.get(meta.id);
    if (status !== undefined) at(meta.line)?.pools.push({ meta, status });
  }
  for (const meta of session.view.processes.values()) {
    const status = session.view.processStatus.get(meta.id);
    if (STARTED.has(meta.origin) && status !== undefined) at(meta.line)?.processes.push({ meta, status });
  }
  return [...byLine.values()].sort((a, b) => a.line - b.line);
}
