/** The Pools view: sessions that created pools, below each its pools, and below those their workers with what they run. */

import * as l10n from '@vscode/l10n';
import type { WorkerState } from '../../server/protocol/views';
import { count } from '../../server/shared/format';
import { orderedSessions } from '../../server/shared/hierarchy';
import { isOver, type SessionView } from '../../server/shared/sessionView';
import { CLICKS, type Node } from '../ids';
import type { SessionStore } from '../state/sessionStore';
import { type Row, sessionRow } from './labels';
import type { TreeSource } from './liveTree';
import { poolRow, shownWorkers, workerRow } from './poolLabels';
import { LINKED_COMMANDS, poolTooltip, sessionTooltip } from './tooltips';

export class PoolsSource implements TreeSource {
  readonly linkedCommands = LINKED_COMMANDS;

  constructor(private readonly store: SessionStore) {}

  children(parent: Node | undefined): readonly Node[] {
    if (parent === undefined) {
      return orderedSessions(this.store.sessions)
        .filter((session) => session.pools.size > 0)
        .map((session) => ({ kind: 'session', sessionId: session.id }));
    }
    const session = this.store.session(parent.sessionId);
    if (session !== undefined && parent.kind === 'session') {
      return [...session.pools.keys()].map((poolId) => ({ kind: 'pool', sessionId: session.id, poolId }));
    }
    if (session !== undefined && parent.kind === 'pool') {
      const { poolId } = parent;
      return shownWorkers(session.poolStatus.get(poolId)).map((worker) => ({
        kind: 'worker',
        sessionId: session.id,
        poolId,
        workerId: worker.id,
      }));
    }
    return [];
  }

  parent(node: Node): Node | undefined {
    const { sessionId } = node;
    if (node.kind === 'worker') {
      return { kind: 'pool', sessionId, poolId: node.poolId };
    }
    return node.kind === 'pool' ? { kind: 'session', sessionId } : undefined;
  }

  row(node: Node): Row | undefined {
    const session = this.store.session(node.sessionId);
    if (session === undefined) {
      return undefined;
    }
    if (node.kind === 'pool') {
      const meta = session.pools.get(node.poolId);
      return meta && poolRow(meta, session.poolStatus.get(meta.id), !isOver(session));
    }
    if (node.kind === 'worker') {
      const worker = this.worker(session, node);
      return worker && workerRow(worker, this.store.sessionTime(session.id));
    }
    const number = session.pools.size;
    const description = number === 1 ? l10n.t('1 pool') : l10n.t('{0} pools', count(number));
    const row = sessionRow(session);
    return { ...row, description, spoken: `${row.spoken}, ${description}` };
  }

  tooltip(node: Node): string {
    const session = this.store.session(node.sessionId);
    if (session === undefined) {
      return '';
    }
    const meta = 'poolId' in node ? session.pools.get(node.poolId) : undefined;
    return meta === undefined ? sessionTooltip(session) : poolTooltip(session, meta, session.poolStatus.get(meta.id));
  }

  command(node: Node): ReturnType<TreeSource['command']> {
    return node.kind === 'pool' || node.kind === 'worker' ? { command: CLICKS.pool, title: '' } : undefined;
  }

  expanded(): boolean {
    return true;
  }

  private worker(session: SessionView, node: Extract<Node, { kind: 'worker' }>): WorkerState | undefined {
    const workers = session.poolStatus.get(node.poolId)?.activity?.workers ?? [];
    return workers.find((each) => each.id === node.workerId);
  }
}
