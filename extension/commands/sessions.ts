/** Commands about whole sessions: stop, close, save, open. */

import path from 'node:path';
import * as vscode from 'vscode';
import { isAlive } from '../../server/shared/processes';
import { isOver, type SessionView } from '../../server/shared/sessionView';
import { type Node, RECORDING_SUFFIX, registerClick, registerCommand, registerShow } from '../ids';
import { revealViews } from '../views';
import { holders } from '../views/channelLabels';
import { pickPool, pickSession } from './pick';
import type { Services } from './services';
import { focusStopped } from './stopped';

const nameOf = (session: SessionView): string => session.meta?.name ?? session.id;

export function registerSessionCommands(services: Services): vscode.Disposable[] {
  const { store } = services;
  return [
    registerCommand('forkscope.openPanel', (given) => showInPanel(services, given)),
    registerShow((focus) => services.panel.show(focus, { preserveFocus: true })),
    registerClick('process', async () => {
      const node = services.selectedProcess();
      await showInPanel(services, node);
      await focusStopped(services.store, services.links, node);
    }),
    registerClick('channel', () => showInPanel(services, services.selectedChannel())),
    registerClick('pool', () => showInPanel(services, services.selectedPool())),
    registerCommand('forkscope.showPool', async (given) => {
      const node = await pickPool(services, given, vscode.l10n.t('Show Pool in Panel'));
      if (node !== undefined) {
        await showInPanel(services, node);
      }
    }),
    registerCommand('forkscope.stop', async (given) => {
      const session = await pickSession(services, given, vscode.l10n.t('Stop Session'), 'running');
      if (session !== undefined) {
        await stopSession(services, session);
      }
    }),
    registerCommand('forkscope.close', async (given) => {
      const session = await pickSession(services, given, vscode.l10n.t('Close Session'), 'ended');
      if (session !== undefined) {
        await close(services, session);
      }
    }),
    registerCommand('forkscope.closeEnded', async () => {
      for (const session of [...store.sessions.values()].filter(isOver)) {
        await close(services, session);
      }
    }),
    registerCommand('forkscope.saveRecording', async (given) => {
      const session = await pickSession(services, given, vscode.l10n.t('Save Recording'));
      if (session !== undefined) {
        await save(services, session);
      }
    }),
    registerCommand('forkscope.openRecording', (file) =>
      open(services, file instanceof vscode.Uri ? [file] : undefined),
    ),
  ];
}

/** The keyboard stays in the tree when a row of it is shown. */
async function showInPanel({ panel, store }: Services, node: Node | undefined): Promise<void> {
  if (node === undefined) {
    await panel.show(undefined, { preserveFocus: false });
    return;
  }
  const { sessionId } = node;
  const holder =
    node.kind === 'endpoint'
      ? holders(store.session(sessionId)?.channelStatus.get(node.channelId))[node.index]?.processId
      : undefined;
  const processId = node.kind === 'process' ? node.processId : holder;
  await panel.show(
    {
      sessionId,
      ...(processId === undefined ? {} : { processId }),
      ...('channelId' in node ? { channelId: node.channelId } : {}),
      ...('poolId' in node ? { poolId: node.poolId, page: 'pools' as const } : {}),
      ...(node.kind === 'worker' ? { workerId: node.workerId } : {}),
    },
    { preserveFocus: true },
  );
}

/** Ends every process of the session. Through its debug session where it has one, as that also lets its terminal go. */
export async function stopSession(services: Services, session: SessionView): Promise<void> {
  const running = services.links.running(session.id);
  if (running !== undefined) {
    await vscode.debug.stopDebugging(running);
    return;
  }
  const living = [...session.processes.values()].filter((meta) => isAlive(session.processStatus.get(meta.id)));
  const answers = await Promise.all(living.map((meta) => services.client.control(session.id, meta.id, 'terminate')));
  const error = answers.find((answer) => answer.error !== undefined)?.error;
  if (error !== undefined) {
    void vscode.window.showErrorMessage(error);
  }
}

async function close(services: Services, session: SessionView): Promise<void> {
  const { error } = await services.client.close(session.id);
  if (error === undefined) {
    services.links.forget(session.id);
  } else {
    void vscode.window.showErrorMessage(error);
  }
}

const filters = (): Record<string, string[]> => ({ [vscode.l10n.t('Forkscope recordings')]: [RECORDING_SUFFIX] });

async function save(services: Services, session: SessionView): Promise<void> {
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(/[T:]/g, '-');
  const name = `${path.basename(nameOf(session), '.py')}-${stamp}.${RECORDING_SUFFIX}`;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(session.meta?.cwd ?? '');
  const file = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Save Recording'),
    defaultUri: vscode.Uri.joinPath(folder, name),
    filters: filters(),
  });
  if (file === undefined) {
    return;
  }
  const { error } = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Saving the recording of {0}…', nameOf(session)),
    },
    () => services.client.save(session.id, file.fsPath),
  );
  if (error === undefined) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Saved {0}. It includes message contents; check for secrets before sharing.', file.fsPath),
    );
  } else {
    void vscode.window.showErrorMessage(error);
  }
}

async function open(services: Services, given: readonly vscode.Uri[] | undefined): Promise<void> {
  const files =
    given ??
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Open Recording'),
      openLabel: vscode.l10n.t('Open Recording'),
      canSelectMany: true,
      filters: filters(),
    }));
  for (const file of files ?? []) {
    try {
      const { sessionId } = await vscode.window.withProgress(
        {
          location: vscode.ProgressLocation.Notification,
          title: vscode.l10n.t('Reading {0}…', path.basename(file.fsPath)),
          cancellable: true,
        },
        (_progress, token) => openOne(services, file, token),
      );
      await revealViews();
      await services.panel.show({ sessionId }, { preserveFocus: false });
    } catch (error) {
      if (!(error instanceof vscode.CancellationError)) {
        void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
      }
    }
  }
}

/** Cancelling closes it as soon as it is open. */
async function openOne(
  { client }: Services,
  file: vscode.Uri,
  token: vscode.CancellationToken,
): Promise<{ sessionId: string }> {
  const opened = client.open(file.fsPath);
  const cancelled = new Promise<never>((_resolve, reject) => {
    token.onCancellationRequested(() => reject(new vscode.CancellationError()));
  });
  try {
    return await Promise.race([opened, cancelled]);
  } catch (error) {
    if (error instanceof vscode.CancellationError) {
      opened.then(
        ({ sessionId }) => client.close(sessionId),
        () => undefined,
      );
    }
    throw error;
  }
}
