/** Which findings show a notification. Pure: evaluated after each change of the store. */

import type { Finding, SessionId, Severity } from '../../server/protocol/views';
import type { SessionView } from '../../server/shared/sessionView';

export type NotifyAbout = 'errors' | 'all' | 'off';

/** A finding to notify of now, and how many others came with it in the same session. */
export interface Notice {
  readonly sessionId: SessionId;
  readonly finding: Finding;
  readonly others: number;
}

const WANTED: Readonly<Record<NotifyAbout, readonly Severity[]>> = {
  errors: ['error'],
  all: ['error', 'warning', 'info'],
  off: [],
};

export class Notifier {
  /** Ids of the findings of each session that were notified, or existed while notifications were off. */
  private readonly known = new Map<SessionId, Set<string>>();

  /** New and enabled findings since the last call, the worst of each session first. Recordings cause no notifications. */
  take(sessions: Iterable<SessionView>, about: NotifyAbout): Notice[] {
    const notices: Notice[] = [];
    for (const session of sessions) {
      const known = this.known.get(session.id) ?? new Set();
      this.known.set(session.id, known);
      const fresh = session.findings.filter((each) => !known.has(each.id));
      for (const each of fresh) {
        known.add(each.id);
      }
      const wanted = fresh.filter((each) => WANTED[about].includes(each.severity) && !each.over);
      const [finding] = wanted;
      if (finding !== undefined && session.meta?.recorded !== true) {
        notices.push({ sessionId: session.id, finding, others: wanted.length - 1 });
      }
    }
    return notices;
  }

  /** Sessions that were closed. */
  forget(ids: Iterable<SessionId>): void {
    for (const id of ids) {
      this.known.delete(id);
    }
  }
}
