/** The line debugger (debugpy): where the editor has one, and what to do where nobody has. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { DEBUG_TYPE } from './configuration';

/** The folder of the debugpy package in the Python Debugger extension; undefined where that is not installed. */
export function bundledDebugpy(): string | undefined {
  const extension = vscode.extensions.getExtension('ms-python.debugpy');
  const folder = extension && path.join(extension.extensionPath, 'bundled', 'libs', 'debugpy');
  return folder !== undefined && existsSync(folder) ? folder : undefined;
}

/** Offers once per interpreter and window to install debugpy, when a session had to do without it. */
export function registerDebugpyOffer(): vscode.Disposable {
  const offered = new Set<string>();
  return vscode.debug.onDidReceiveDebugSessionCustomEvent(async ({ session, event, body }) => {
    if (session.type !== DEBUG_TYPE || event !== 'forkscope/noDebugpy') {
      return;
    }
    const { python, command } = body as { python: string; command: string };
    if (offered.has(python)) {
      return;
    }
    offered.add(python);
    const install = vscode.l10n.t('Install debugpy');
    const choice = await vscode.window.showInformationMessage(
      vscode.l10n.t('Line breakpoints need debugpy, which {0} does not have. Messages can be stopped at.', python),
      install,
    );
    if (choice === install) {
      const terminal = vscode.window.createTerminal({ name: 'debugpy' });
      terminal.show();
      terminal.sendText(command);
    }
  });
}
