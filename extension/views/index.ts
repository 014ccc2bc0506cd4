/** Registers the views, their badge and the status bar's item, and keeps them in step with the store. */

import * as vscode from 'vscode';
import { isOver } from '../../server/shared/sessionView';
import { CONTAINER, type Node, onDidChangeSetting, setContext, VIEWS } from '../ids';
import type { SessionStore } from '../state/sessionStore';
import { ChannelsSource } from './channels';
import { decorations } from './decorations';
import { findingsText } from './findings';
import { liveCount, processesText } from './labels';
import { LiveTree } from './liveTree';
import { PoolsSource } from './pools';
import { ProcessesSource } from './processes';

/** How often "since" is counted on while something waits, ms. */
const TICK = 1000;

interface Views {
  /** What commands act on when none is given. */
  readonly selectedProcess: () => Node | undefined;
  readonly selectedChannel: () => Node | undefined;
  readonly selectedPool: () => Node | undefined;
  /** Selects a process's row, if the view is in sight. */
  readonly follow: (node: Node) => Promise<void>;
  /** Selects a process's row. The keyboard stays where it is. */
  readonly reveal: (node: Node) => Promise<void>;
}

export function registerViews(context: vscode.ExtensionContext, store: SessionStore): Views {
  const processes = new ProcessesSource(store);
  const processTree = new LiveTree(processes);
  const channelTree = new LiveTree(new ChannelsSource(store));
  const processView = vscode.window.createTreeView(VIEWS.processes, {
    treeDataProvider: processTree,
    showCollapseAll: true,
  });
  const channelView = vscode.window.createTreeView(VIEWS.channels, {
    treeDataProvider: channelTree,
    showCollapseAll: true,
  });
  const poolTree = new LiveTree(new PoolsSource(store));
  const poolView = vscode.window.createTreeView(VIEWS.pools, { treeDataProvider: poolTree, showCollapseAll: true });
  const status = vscode.window.createStatusBarItem('forkscope.live', vscode.StatusBarAlignment.Left, 10);
  status.name = vscode.l10n.t('Forkscope: live processes');
  status.command = { command: `${VIEWS.processes}.focus`, title: vscode.l10n.t('Show Processes') };

  // A hidden view is compared when it is shown again.
  const refreshProcesses = (): void => {
    processes.invalidate();
    if (processView.visible) {
      processTree.refresh();
    }
  };
  const refreshChannels = (): void => {
    if (channelView.visible) {
      channelTree.refresh();
    }
  };
  const refreshPools = (): void => {
    if (poolView.visible) {
      poolTree.refresh();
    }
  };
  const summarise = (): void => {
    const sessions = [...store.sessions.values()];
    const live = sessions.filter((session) => !isOver(session));
    const number = live.reduce((sum, session) => sum + liveCount(session), 0);
    const text = processesText(number);
    const found = sessions.reduce((sum, session) => sum + session.findings.length, 0);
    const badge = found > 0 ? { value: found, tooltip: findingsText(found) } : { value: number, tooltip: text };
    processView.badge = badge.value === 0 ? undefined : badge;
    if (number === 0) {
      status.hide();
    } else {
      status.text = `$(repo-forked) ${text}`;
      status.tooltip = vscode.l10n.t(
        'Forkscope: {0}',
        live.map((session) => session.meta?.name ?? session.id).join(', '),
      );
      status.show();
    }
    setContext('forkscope.hasSessions', sessions.length > 0);
    setContext('forkscope.hasRunning', live.length > 0);
    setContext('forkscope.hasEnded', sessions.length > live.length);
    setContext(
      'forkscope.hasPools',
      sessions.some((session) => session.pools.size > 0),
    );
  };
  const tick = setInterval(() => {
    if (processView.visible && somethingWaits(store)) {
      processTree.refresh();
    }
    if (poolView.visible && somebodyWorks(store)) {
      poolTree.refresh();
    }
  }, TICK);

  summarise();
  context.subscriptions.push(
    processTree,
    channelTree,
    poolTree,
    processView,
    channelView,
    poolView,
    status,
    new vscode.Disposable(() => clearInterval(tick)),
    new vscode.Disposable(
      store.onDidChange(() => {
        summarise();
        refreshProcesses();
        refreshChannels();
        refreshPools();
      }),
    ),
    processView.onDidChangeVisibility(refreshProcesses),
    channelView.onDidChangeVisibility(refreshChannels),
    poolView.onDidChangeVisibility(refreshPools),
    onDidChangeSetting('showHelperProcesses', refreshProcesses),
    onDidChangeSetting('showInternalChannels', refreshChannels),
    vscode.window.registerFileDecorationProvider(decorations),
  );
  return {
    selectedProcess: () => processView.selection[0],
    selectedChannel: () => channelView.selection[0],
    selectedPool: () => poolView.selection[0],
    follow: async (node) => {
      const row = processView.visible ? processTree.known(node) : undefined;
      if (row !== undefined) await processView.reveal(row, { select: true, focus: false });
    },
    reveal: async (node) => {
      const row = processTree.known(node);
      if (row !== undefined) await processView.reveal(row, { select: true, focus: false });
    },
  };
}

/** Opens the activity bar's container. */
export function revealViews(): Thenable<unknown> {
  return vscode.commands.executeCommand(`workbench.view.extension.${CONTAINER}`);
}

function somethingWaits(store: SessionStore): boolean {
  for (const session of store.sessions.values()) {
    if (!isOver(session)) {
      for (const process of session.processStatus.values()) {
        if (process.state === 'waiting') {
          return true;
        }
      }
    }
  }
  return false;
}

function somebodyWorks(store: SessionStore): boolean {
  for (const session of store.sessions.values()) {
    if (!isOver(session)) {
      for (const { activity } of session.poolStatus.values()) {
        if (activity !== undefined && activity.busy > 0) {
          return true;
        }
      }
    }
  }
  return false;
}
