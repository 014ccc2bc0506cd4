import assert from 'node:assert/strict';
import * as vscode from 'vscode';

const inFolder = (name: string): vscode.Uri => {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  return vscode.Uri.joinPath((folder as vscode.WorkspaceFolder).uri, name);
};

/** The next value of an event that satisfies the predicate. */
function next<T>(event: vscode.Event<T>, right: (value: T) => boolean = () => true): Promise<T> {
  return new Promise((resolve) => {
    const listening = event((value) => {
      if (!right(value)) return;
      listening.dispose();
      resolve(value);
    });
  });
}

describe('Run Python File', () => {
  it('runs the file of the active tab, also before its text has arrived', async () => {
    await vscode.window.showTextDocument(inFolder('queue.py'));
    const settings = vscode.workspace.getConfiguration('forkscope');
    await settings.update('console', 'internalConsole', vscode.ConfigurationTarget.Global);
    const started = next(vscode.debug.onDidStartDebugSession, (each) => each.type === 'forkscope');
    const ended = next(vscode.debug.onDidTerminateDebugSession, (each) => each.type === 'forkscope');
    const wanted = inFolder('process.py').toString();
    const inFront = (): boolean => {
      const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      return input instanceof vscode.TabInputText && input.uri.toString() === wanted;
    };
    try {
      const tab = next(vscode.window.tabGroups.onDidChangeTabs, inFront);
      const opened = vscode.commands.executeCommand('vscode.open', inFolder('process.py'));
      await tab;
      await vscode.commands.executeCommand('forkscope.runFile');
      assert.equal((await started).configuration['program'], inFolder('process.py').fsPath);
      await opened;
      await ended;
    } finally {
      await settings.update('console', undefined, vscode.ConfigurationTarget.Global);
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    }
  });
});
