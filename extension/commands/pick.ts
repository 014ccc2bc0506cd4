/** Which session, process or channel a command is about: the row it was called on, else the only one, else the user says. */

import * as vscode from 'vscode';
import { orderedChannels, orderedSessions } from '../../server/shared/hierarchy';
import { isAlive } from '../../server/shared/processes';
import { isOver, type SessionView } from '../../server/shared/sessionView';
import type { ChannelNode, Node, PoolNode, ProcessNode, SessionNode, WorkerNode } from '../ids';
import { channelRow } from '../views/channelLabels';
import { processRow, type Row, sessionRow } from '../views/labels';
import { poolRow } from '../views/poolLabels';
import type { Services } from './services';

interface Choice<T> extends vscode.QuickPickItem {
  readonly node: T;
}

function choice<T extends Node>(node: T, row: Row, session?: SessionView): Choice<T> {
  return {
    node,
    label: `$(${row.icon}) ${row.label}`,
    description: row.description,
    ...(session?.meta === undefined ? {} : { detail: session.meta.name }),
  };
}

async function choose<T>(choices: readonly Choice<T>[], title: string, none: string): Promise<T | undefined> {
  if (choices.length === 0) {
    void vscode.window.showInformationMessage(none);
    return undefined;
  }
  return (await vscode.window.showQuickPick(choices, { title, matchOnDescription: true }))?.node;
}

type SessionWanted = 'running' | 'ended' | 'any';

function fits(session: SessionView, wanted: SessionWanted): boolean {
  return wanted === 'any' || (wanted === 'ended') === isOver(session);
}

/** undefined: there is none, after showing a message, or the user chose none. */
export async function pickSession(
  { store }: Services,
  given: Node | undefined,
  title: string,
  wanted: SessionWanted = 'any',
): Promise<SessionView | undefined> {
  if (given !== undefined) {
    return store.session(given.sessionId);
  }
  const choices = orderedSessions(store.sessions)
    .filter((session) => fits(session, wanted))
    .map((session) => choice<SessionNode>({ kind: 'session', sessionId: session.id }, sessionRow(session)));
  const only = choices.length === 1 ? choices[0]?.node : undefined;
  const none = wanted === 'running' ? vscode.l10n.t('Nothing is running.') : vscode.l10n.t('No sessions.');
  const node = only ?? (await choose(choices, title, none));
  return node && store.session(node.sessionId);
}

/** As pickSession. `alive`: offers live processes only. */
export async function pickProcess(
  { store, selectedProcess }: Services,
  given: Node | undefined,
  title: string,
  alive: boolean,
): Promise<ProcessNode | undefined> {
  const row = given ?? selectedProcess();
  if (row?.kind === 'process') {
    return row;
  }
  const choices = orderedSessions(store.sessions).flatMap((session) =>
    [...session.processes.values()]
      .filter((meta) => !alive || (!isOver(session) && isAlive(session.processStatus.get(meta.id))))
      .map((meta) =>
        choice<ProcessNode>(
          { kind: 'process', sessionId: session.id, processId: meta.id },
          processRow(meta, session.processStatus.get(meta.id), store.sessionTime(session.id)),
          session,
        ),
      ),
  );
  return choose(choices, title, alive ? vscode.l10n.t('No live processes.') : vscode.l10n.t('No processes.'));
}

/** As pickSession. */
export async function pickChannel(
  { store, selectedChannel }: Services,
  given: Node | undefined,
  title: string,
): Promise<ChannelNode | undefined> {
  const row = given ?? selectedChannel();
  if (row?.kind === 'channel') {
    return row;
  }
  const choices = orderedSessions(store.sessions).flatMap((session) =>
    orderedChannels(session, true).flatMap((channelId) => {
      const meta = session.channels.get(channelId);
      return meta === undefined
        ? []
        : [
            choice<ChannelNode>(
              { kind: 'channel', sessionId: session.id, channelId },
              channelRow(meta, session.channelStatus.get(channelId), !isOver(session)),
              session,
            ),
          ];
    }),
  );
  return choose(choices, title, vscode.l10n.t('No queues or pipes.'));
}

/** As pickSession; a worker when a row of one was given or is selected. */
export async function pickPool(
  { store, selectedPool }: Services,
  given: Node | undefined,
  title: string,
): Promise<PoolNode | WorkerNode | undefined> {
  const row = given ?? selectedPool();
  if (row?.kind === 'pool' || row?.kind === 'worker') {
    return row;
  }
  const choices = orderedSessions(store.sessions).flatMap((session) =>
    [...session.pools.values()].map((meta) =>
      choice<PoolNode>(
        { kind: 'pool', sessionId: session.id, poolId: meta.id },
        poolRow(meta, session.poolStatus.get(meta.id), !isOver(session)),
        session,
      ),
    ),
  );
  return choose(choices, title, vscode.l10n.t('No pools.'));
}
