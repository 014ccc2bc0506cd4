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

interface Trouble {
  readonly python: string;
  /** Installs debugpy for it. */
  readonly command: string;
  /** Of a process that debugpy did not get into. */
  readonly process?: string;
  readonly reason?: string;
}

/** What is told of it, each sentence once in a window; null: it is another event. */
function sentenceOf(event: string, { python, process = '', reason = '' }: Trouble): string | null {
  switch (event) {
    case 'forkscope/noDebugpy':
      return vscode.l10n.t(
        'Line breakpoints need debugpy, which {0} does not have. Messages can be stopped at.',
        python,
      );
    case 'forkscope/lineDebuggerFailed':
      return vscode.l10n.t('The line debugger did not start in {0}: {1}. Messages can be stopped at.', process, reason);
    default:
      return null;
  }
}

/** Interpreters for which somebody does not want to be asked any more. */
const UNASKED = 'forkscope.debugpyUnasked';

/** Offers to install debugpy when a session, or a process of one, had to do without it. */
export function registerDebugpyOffer(memory: vscode.Memento): vscode.Disposable {
  const told = new Set<string>();
  return vscode.debug.onDidReceiveDebugSessionCustomEvent(async ({ session, event, body }) => {
    const sentence = session.type === DEBUG_TYPE ? sentenceOf(event, body as Trouble) : null;
    const { python, command, reason } = (body ?? {}) as Trouble;
    const key = `${event} ${reason ?? python}`;
    const missing = event === 'forkscope/noDebugpy';
    if (sentence === null || told.has(key) || (missing && memory.get<string[]>(UNASKED, []).includes(python))) {
      return;
    }
    told.add(key);
    const install = vscode.l10n.t('Install debugpy');
    const never = vscode.l10n.t('Not Again for This Python');
    const show = missing ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
    const answer = await show(sentence, install, ...(missing ? [never] : []));
    if (answer === install) {
      const terminal = vscode.window.createTerminal({ name: 'debugpy' });
      terminal.show();
      terminal.sendText(command);
    } else if (answer === never) {
      await memory.update(UNASKED, [...memory.get<string[]>(UNASKED, []), python]);
    }
  });
}
