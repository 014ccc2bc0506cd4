/** Which rows stand below which, and in which order. Pure. */

import type { ChannelId, ChannelMeta, ProcessId, ProcessMeta } from '../protocol/views';
import { isHelper } from './processes';
import type { SessionView } from './sessionView';

/** Oldest first; what began at the same moment by pid, as the kernel numbered them. */
function byStart(a: ProcessMeta, b: ProcessMeta): number {
  return a.startedAtMs - b.startedAtMs || a.pid - b.pid || (a.id < b.id ? -1 : 1);
}

function isShown(meta: ProcessMeta, helpers: boolean): boolean {
  return helpers || !isHelper(meta);
}

/** The nearest ancestor with a row of its own; null: the session's. Ends with hostile parent cycles too. */
export function shownParent(session: SessionView, id: ProcessId, helpers: boolean): ProcessId | null {
  const seen = new Set([id]);
  let parent = session.processes.get(id)?.parentId ?? null;
  while (parent !== null && !seen.has(parent)) {
    seen.add(parent);
    const meta = session.processes.get(parent);
    if (meta === undefined) {
      return null;
    }
    if (isShown(meta, helpers)) {
      return parent;
    }
    parent = meta.parentId;
  }
  return null;
}

/** Rows below each process, and under `null` those directly below the session. */
export function processTree(
  session: SessionView,
  helpers: boolean,
): ReadonlyMap<ProcessId | null, readonly ProcessId[]> {
  const children = new Map<ProcessId | null, ProcessId[]>();
  for (const meta of [...session.processes.values()].sort(byStart)) {
    if (isShown(meta, helpers)) {
      const parent = shownParent(session, meta.id, helpers);
      const siblings = children.get(parent);
      if (siblings === undefined) {
        children.set(parent, [meta.id]);
      } else {
        siblings.push(meta.id);
      }
    }
  }
  return children;
}

/** Sessions with the newest first: the run that was just started is what the user looks for. */
export function orderedSessions(sessions: ReadonlyMap<string, SessionView>): SessionView[] {
  const start = (session: SessionView): number => Date.parse(session.meta?.startedAt ?? '') || 0;
  return [...sessions.values()].reverse().sort((a, b) => start(b) - start(a));
}

/** Channels in the order of their creation; the library's own only when asked for, and then last. */
export function orderedChannels(session: SessionView, library: boolean): ChannelId[] {
  const own: ChannelMeta[] = [];
  const inner: ChannelMeta[] = [];
  for (const meta of session.channels.values()) {
    (meta.owner === 'library' ? inner : own).push(meta);
  }
  return [...own, ...(library ? inner : [])].map((meta) => meta.id);
}
