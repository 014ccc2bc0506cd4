/** The line debugger (debugpy): where the editor has one, and how to install one. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { onAdapterEvent } from './requests';

/** The folder of the debugpy package in the Python Debugger extension; undefined if it is not installed. */
export function bundledDebugpy(): string | undefined {
  const extension = vscode.extensions.getExtension('ms-python.debugpy');
  const folder = extension && path.join(extension.extensionPath, 'bundled', 'libs', 'debugpy');
  return folder !== undefined && existsSync(folder) ? folder : undefined;
}

/** Interpreters for which the user chose not to be asked again. */
const UNASKED = 'forkscope.debugpyUnasked';

/** Offers to install debugpy when a session, or a process of one, runs without it; each message once per window. */
export function registerDebugpyOffer(memory: vscode.Memento): vscode.Disposable {
  const shown = new Set<string>();
  const isNew = (key: string): boolean => !shown.has(key) && shown.add(key) !== undefined;
  const unasked = (): string[] => memory.get<string[]>(UNASKED, []);
  return vscode.Disposable.from(
    onAdapterEvent('noDebugpy', async ({ python, command }) => {
      if (unasked().includes(python) || !isNew(`missing in ${python}`)) return;
      const sentence = vscode.l10n.t(
        'Line breakpoints need debugpy, which {0} does not have. Messages can be stopped at.',
        python,
      );
      const install = vscode.l10n.t('Install debugpy');
      const never = vscode.l10n.t("Don't Ask Again for This Interpreter");
      const answer = await vscode.window.showInformationMessage(sentence, install, never);
      if (answer === install) runInTerminal(command);
      else if (answer === never) await memory.update(UNASKED, [...unasked(), python]);
    }),
    onAdapterEvent('lineDebuggerFailed', async ({ process, reason, command }) => {
      if (!isNew(`failed: ${reason}`)) return;
      const sentence = vscode.l10n.t(
        'The line debugger did not start in {0}: {1}. Messages can be stopped at.',
        process,
        reason,
      );
      const install = vscode.l10n.t('Install debugpy');
      if ((await vscode.window.showWarningMessage(sentence, install)) === install) runInTerminal(command);
    }),
  );
}

function runInTerminal(command: string): void {
  const terminal = vscode.window.createTerminal({ name: 'debugpy' });
  terminal.show();
  terminal.sendText(command);
}
