/** The Processes view: sessions, and below each its processes as they started each other. */

import { orderedSessions, processTree, shownParent } from '../../server/shared/hierarchy';
import type { SessionView } from '../../server/shared/sessionView';
import { CLICKS, type Node, setting } from '../ids';
import type { SessionStore } from '../state/sessionStore';
import { findingsOf, marked } from './findings';
import { processRow, sessionRow } from './labels';
import type { TreeSource } from './liveTree';
import { waitersOf } from './paused';
import { LINKED_COMMANDS, processTooltip, sessionTooltip } from './tooltips';

type Hierarchy = ReturnType<typeof processTree>;

export class ProcessesSource implements TreeSource {
  readonly linkedCommands = LINKED_COMMANDS;
  /** Kept from one change of the store to the next. */
  private hierarchies = new Map<string, Hierarchy>();

  constructor(private readonly store: SessionStore) {}

  /** Recomputes the hierarchy at its next use. */
  invalidate(): void {
    this.hierarchies = new Map();
  }

  children(parent: Node | undefined): readonly Node[] {
    if (parent === undefined) {
      return orderedSessions(this.store.sessions).map((session) => ({ kind: 'session', sessionId: session.id }));
    }
    const session = this.store.session(parent.sessionId);
    if (session === undefined || (parent.kind !== 'session' && parent.kind !== 'process')) {
      return [];
    }
    const above = parent.kind === 'process' ? parent.processId : null;
    return (this.hierarchy(session).get(above) ?? []).map((processId) => ({
      kind: 'process',
      sessionId: session.id,
      processId,
    }));
  }

  parent(node: Node): Node | undefined {
    const session = this.store.session(node.sessionId);
    if (session === undefined || node.kind !== 'process') {
      return undefined;
    }
    const processId = shownParent(session, node.processId, setting('showHelperProcesses'));
    return processId === null
      ? { kind: 'session', sessionId: session.id }
      : { kind: 'process', sessionId: session.id, processId };
  }

  row(node: Node): ReturnType<typeof sessionRow> | undefined {
    const session = this.store.session(node.sessionId);
    if (session === undefined) {
      return undefined;
    }
    const found = findingsOf(session, node);
    if (node.kind !== 'process') {
      return marked(sessionRow(session), found);
    }
    const meta = session.processes.get(node.processId);
    const now = this.store.sessionTime(session.id);
    const status = meta && session.processStatus.get(meta.id);
    const waiters = meta && status?.state === 'paused' ? waitersOf(session, meta.id) : undefined;
    return meta && marked(processRow(meta, status, now, waiters, session), found);
  }

  tooltip(node: Node): string {
    const session = this.store.session(node.sessionId);
    if (session === undefined || node.kind !== 'process') {
      return session === undefined ? '' : sessionTooltip(session);
    }
    const meta = session.processes.get(node.processId);
    const status = session.processStatus.get(node.processId);
    return meta === undefined ? '' : processTooltip(session, meta, status, this.store.sessionTime(session.id));
  }

  command(node: Node): ReturnType<TreeSource['command']> {
    return node.kind === 'process' ? { command: CLICKS.process, title: '' } : undefined;
  }

  expanded(): boolean {
    return true;
  }

  private hierarchy(session: SessionView): Hierarchy {
    let hierarchy = this.hierarchies.get(session.id);
    if (hierarchy === undefined) {
      hierarchy = processTree(session, setting('showHelperProcesses'));
      this.hierarchies.set(session.id, hierarchy);
    }
    return hierarchy;
  }
}
