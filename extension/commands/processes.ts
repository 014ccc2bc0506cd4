/** Commands about one process or channel: its lines, its pid, its end. */
import * as vscode from 'vscode';
import type { ControlAction } from '../../server/protocol/requests';
import type { SourceLine } from '../../server/protocol/views';
import { isAlive } from '../../server/shared/processes';
import { type CommandId, type ProcessNode, registerCommand } from '../ids';
import { waitLine } from '../views/labels';
import { openLine } from './openLine';
import { pickChannel, pickProcess } from './pick';
import type { Services } from './services';

/** How long a process that was asked to end has before it is ended, ms. */
const GRACE = 2000;

export function registerProcessCommands(services: Services): vscode.Disposable[] {
  const { store } = services;
  const goTo = async (sessionId: string, line: SourceLine | null | undefined, none: string): Promise<void> => {
    if (line) {
      await openLine(line, store.session(sessionId)?.meta?.cwd);
    } else {
      void vscode.window.showInformationMessage(none);
    }
  };
  const control = (id: CommandId & `${string}Process`, title: string, act: (node: ProcessNode) => Promise<void>) =>
    registerCommand(id, async (given?: ProcessNode) => {
      const node = await pickProcess(services, given, title, true);
      if (node !== undefined) {
        await act(node);
      }
    });
  const signal = async (node: ProcessNode, action: ControlAction): Promise<boolean> => {
    const { error } = await services.client.control(node.sessionId, node.processId, action);
    if (error !== undefined) {
      void vscode.window.showErrorMessage(error);
    }
    return error === undefined;
  };

  return [
    registerCommand('forkscope.goToStartLine', async (given) => {
      const node = await pickProcess(services, given, vscode.l10n.t('Go to Where It Was Started'), false);
      if (node !== undefined) {
        const line = store.session(node.sessionId)?.processes.get(node.processId)?.line;
        await goTo(node.sessionId, line, vscode.l10n.t('No line of your code started this process.'));
      }
    }),
    registerCommand('forkscope.goToWaitLine', async (given) => {
      const node = await pickProcess(services, given, vscode.l10n.t('Go to Current Line'), false);
      if (node !== undefined) {
        const line = waitLine(store.session(node.sessionId)?.processStatus.get(node.processId));
        await goTo(node.sessionId, line, vscode.l10n.t('This process has not used a queue, a pipe or a lock yet.'));
      }
    }),
    registerCommand('forkscope.showWaits', async (given) => {
      const node = await pickProcess(services, given, vscode.l10n.t("Show What's Blocking It"), false);
      if (node !== undefined) {
        const { sessionId, processId } = node;
        services.panel.show({ sessionId, processId, page: 'waits' }, { preserveFocus: false });
      }
    }),
    registerCommand('forkscope.goToCreationLine', async (given) => {
      if (given?.kind === 'pool') {
        const line = store.session(given.sessionId)?.pools.get(given.poolId)?.line;
        await goTo(given.sessionId, line, vscode.l10n.t('No line of your code created this pool.'));
        return;
      }
      const node = await pickChannel(services, given, vscode.l10n.t('Go to Where It Was Created'));
      if (node !== undefined) {
        const line = store.session(node.sessionId)?.channels.get(node.channelId)?.line;
        await goTo(node.sessionId, line, vscode.l10n.t('No line of your code created this channel.'));
      }
    }),
    registerCommand('forkscope.copyPid', async (given) => {
      const node = await pickProcess(services, given, vscode.l10n.t('Copy PID'), false);
      const pid = node && store.session(node.sessionId)?.processes.get(node.processId)?.pid;
      if (pid !== undefined) {
        await vscode.env.clipboard.writeText(String(pid));
        vscode.window.setStatusBarMessage(vscode.l10n.t('Copied {0}', pid), 2000);
      }
    }),
    control('forkscope.interruptProcess', vscode.l10n.t('Interrupt Process'), async (node) => {
      await signal(node, 'interrupt');
    }),
    control('forkscope.terminateProcess', vscode.l10n.t('Terminate Process'), async (node) => {
      await signal(node, 'terminate');
    }),
    control('forkscope.killProcess', vscode.l10n.t('Kill Process'), async (node) => {
      if ((await signal(node, 'terminate')) && !(await endsWithin(services, node, GRACE))) {
        await signal(node, 'kill');
      }
    }),
  ];
}

/** True as soon as the process is seen to have ended; false when it still lives after `ms`. */
function endsWithin({ store }: Services, node: ProcessNode, ms: number): Promise<boolean> {
  const ended = (): boolean => !isAlive(store.session(node.sessionId)?.processStatus.get(node.processId));
  return new Promise((resolve) => {
    const finish = (value: boolean): void => {
      clearTimeout(timer);
      stop();
      resolve(value);
    };
    const timer = setTimeout(() => finish(ended()), ms);
    const stop = store.onDidChange(() => {
      if (ended()) {
        finish(true);
      }
    });
    if (ended()) {
      finish(true);
    }
  });
}
