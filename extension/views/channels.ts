/** The Channels view: sessions, below each its queues and pipes, and below those the processes that hold their ends. */

import * as l10n from '@vscode/l10n';
import { count } from '../../server/shared/format';
import { orderedChannels, orderedSessions } from '../../server/shared/hierarchy';
import { isOver } from '../../server/shared/sessionView';
import { CLICKS, type Node, setting } from '../ids';
import type { SessionStore } from '../state/sessionStore';
import { channelRow, endpointRow, holders } from './channelLabels';
import { findingsOf, marked } from './findings';
import { type Row, sessionRow } from './labels';
import type { TreeSource } from './liveTree';
import { channelTooltip, LINKED_COMMANDS, sessionTooltip } from './tooltips';

export class ChannelsSource implements TreeSource {
  readonly linkedCommands = LINKED_COMMANDS;

  constructor(private readonly store: SessionStore) {}

  children(parent: Node | undefined): readonly Node[] {
    if (parent === undefined) {
      return orderedSessions(this.store.sessions).map((session) => ({ kind: 'session', sessionId: session.id }));
    }
    const session = this.store.session(parent.sessionId);
    if (session !== undefined && parent.kind === 'session') {
      return orderedChannels(session, setting('showInternalChannels')).map((channelId) => ({
        kind: 'channel',
        sessionId: session.id,
        channelId,
      }));
    }
    if (session !== undefined && parent.kind === 'channel') {
      const { channelId } = parent;
      return holders(session.channelStatus.get(channelId)).map((_, index) => ({
        kind: 'endpoint',
        sessionId: session.id,
        channelId,
        index,
      }));
    }
    return [];
  }

  parent(node: Node): Node | undefined {
    const { sessionId } = node;
    if (node.kind === 'endpoint') {
      return { kind: 'channel', sessionId, channelId: node.channelId };
    }
    return node.kind === 'channel' ? { kind: 'session', sessionId } : undefined;
  }

  row(node: Node): Row | undefined {
    const session = this.store.session(node.sessionId);
    if (session === undefined) {
      return undefined;
    }
    if (node.kind === 'channel') {
      const meta = session.channels.get(node.channelId);
      const row = meta && channelRow(meta, session.channelStatus.get(meta.id), !isOver(session));
      return row && marked(row, findingsOf(session, node));
    }
    if (node.kind === 'endpoint') {
      const end = holders(session.channelStatus.get(node.channelId))[node.index];
      return end && endpointRow(end, session.processes.get(end.processId));
    }
    const number = this.children(node).length;
    const description =
      number === 0
        ? isOver(session)
          ? l10n.t('no queues or pipes')
          : l10n.t('no queues or pipes yet')
        : number === 1
          ? l10n.t('1 channel')
          : l10n.t('{0} channels', count(number));
    const row = sessionRow(session);
    return { ...row, description, spoken: `${row.spoken}, ${description}` };
  }

  tooltip(node: Node): string {
    const session = this.store.session(node.sessionId);
    if (session === undefined || !('channelId' in node)) {
      return session === undefined ? '' : sessionTooltip(session);
    }
    const meta = session.channels.get(node.channelId);
    return meta === undefined ? '' : channelTooltip(session, meta, session.channelStatus.get(meta.id));
  }

  command(node: Node): ReturnType<TreeSource['command']> {
    return node.kind === 'channel' || node.kind === 'endpoint' ? { command: CLICKS.channel, title: '' } : undefined;
  }

  expanded(node: Node): boolean {
    return node.kind === 'session';
  }
}
