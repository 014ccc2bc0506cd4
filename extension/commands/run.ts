/** Running Python files, and running them again. */

import path from 'node:path';
import * as vscode from 'vscode';
import { isOver, type SessionView } from '../../server/shared/sessionView';
import { DEBUG_TYPE } from '../debug';
import { registerCommand, setContext } from '../ids';
import { offerInterpreter, resolvePython } from '../python';
import { NoPython } from '../python/discovery';
import { pickSession } from './pick';
import type { Services } from './services';
import { stopSession } from './sessions';

const isPython = (document: vscode.TextDocument): boolean => document.languageId === 'python';

/** The Python editor in front; when the panel is in front, the one beside it. */
function pythonEditor(): vscode.TextEditor | undefined {
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  return [...(activeTextEditor === undefined ? [] : [activeTextEditor]), ...visibleTextEditors].find((editor) =>
    isPython(editor.document),
  );
}

export function registerRunCommands(services: Services): vscode.Disposable[] {
  const watchEditors = (): void => setContext('forkscope.pythonFileOpen', pythonEditor() !== undefined);
  watchEditors();
  return [
    vscode.window.onDidChangeActiveTextEditor(watchEditors),
    vscode.window.onDidChangeVisibleTextEditors(watchEditors),
    registerCommand('forkscope.runFile', (file) => runFile(file instanceof vscode.Uri ? file : undefined)),
    registerCommand('forkscope.restart', async (given) => {
      const session = await pickSession(services, given, vscode.l10n.t('Restart'));
      if (session !== undefined) {
        await restart(services, session);
      }
    }),
  ];
}

/**
 * The Python file in front. A tab comes to the front before its text does, and until then the editor that was there before
 * counts as the active one: a command that opens a file and runs it at once must not run the previous one.
 */
async function fileInFront(): Promise<vscode.Uri | undefined> {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof vscode.TabInputText && (await comesAsPython(input.uri))) {
    return input.uri;
  }
  return pythonEditor()?.document.uri;
}

/** A Python file whose text is on its way to the window. */
async function comesAsPython(uri: vscode.Uri): Promise<boolean> {
  const shown = vscode.window.visibleTextEditors.some((each) => each.document.uri.toString() === uri.toString());
  if (shown) {
    return false;
  }
  try {
    return isPython(await vscode.workspace.openTextDocument(uri));
  } catch {
    return false; // Not text, or it is gone: the window says so.
  }
}

async function runFile(given: vscode.Uri | undefined): Promise<void> {
  const file = given ?? (await fileInFront());
  if (file === undefined) {
    const open = vscode.l10n.t('Open a Sample');
    const choice = await vscode.window.showInformationMessage(
      vscode.l10n.t('Open the Python file that Forkscope should run first.'),
      open,
    );
    if (choice === open) {
      await vscode.commands.executeCommand('forkscope.openSamples');
    }
    return;
  }
  const saved = await savedFile(file);
  if (saved === undefined) {
    return;
  }
  if (saved.scheme !== 'file') {
    void vscode.window.showErrorMessage(vscode.l10n.t('Only a file on disk can be run.'));
    return;
  }
  const folder = vscode.workspace.getWorkspaceFolder(saved);
  const python = await interpreter(folder, saved);
  if (python !== undefined) {
    await vscode.debug.startDebugging(folder, {
      type: DEBUG_TYPE,
      request: 'launch',
      name: path.basename(saved.fsPath),
      program: saved.fsPath,
      python,
    });
  }
}

/** Saves the file when it is open and changed; undefined: the user did not say where. */
async function savedFile(file: vscode.Uri): Promise<vscode.Uri | undefined> {
  const document = vscode.workspace.textDocuments.find((each) => each.uri.toString() === file.toString());
  return document === undefined || (!document.isDirty && !document.isUntitled) ? file : vscode.workspace.save(file);
}

async function interpreter(folder: vscode.WorkspaceFolder | undefined, file: vscode.Uri): Promise<string | undefined> {
  if (!vscode.workspace.isTrusted) {
    return ''; // The debug type refuses, and says why.
  }
  for (;;) {
    try {
      return await resolvePython(folder, file);
    } catch (error) {
      if (!(error instanceof NoPython) || !(await offerInterpreter(error))) {
        return undefined;
      }
    }
  }
}

/** Ends its live processes, then starts it again with its configuration. */
async function restart(services: Services, session: SessionView): Promise<void> {
  const origin = services.links.origin(session.id);
  if (origin === undefined) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('{0} was not started in this window. Run its file instead.', session.meta?.name ?? session.id),
    );
    return;
  }
  const running = services.links.running(session.id);
  if (running !== undefined) {
    await running.customRequest('restart');
    return;
  }
  if (!isOver(session)) {
    await stopSession(services, session);
  }
  await vscode.debug.startDebugging(origin.workspaceFolder, origin.configuration);
}
