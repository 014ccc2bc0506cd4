/** Sample programs: copied to where they can be edited and run. */
import * as vscode from 'vscode';
import { registerCommand } from '../ids';

/** From the simplest to the one that uses everything, with what to look at. */
const samples = (): readonly (readonly [file: string, what: string])[] => [
  ['pipeline.py', vscode.l10n.t('a small pipeline that uses all of them')],
  ['fork.py', vscode.l10n.t('os.fork: one process becomes three')],
  ['process.py', vscode.l10n.t('Process: workers that finish, fail and are terminated')],
  ['pool.py', vscode.l10n.t('Pool: three workers share twelve tasks')],
  ['queue.py', vscode.l10n.t('Queue: a bounded queue that meets Full and Empty')],
  ['pipe.py', vscode.l10n.t('Pipe: a conversation, and an end that is closed')],
];

export function registerSampleCommand(context: vscode.ExtensionContext): vscode.Disposable {
  return registerCommand('forkscope.openSamples', async () => {
    const chosen = await vscode.window.showQuickPick(
      samples().map(([label, description]) => ({ label, description, iconPath: vscode.ThemeIcon.File })),
      { title: vscode.l10n.t('Open a Sample'), placeHolder: vscode.l10n.t('Open it, then run it in Forkscope') },
    );
    if (chosen !== undefined) {
      const folder = await copied(context);
      await vscode.window.showTextDocument(vscode.Uri.joinPath(folder, chosen.label), { preview: false });
    }
  });
}

/** The folder with the user's own copies. What the user changed there stays. */
async function copied(context: vscode.ExtensionContext): Promise<vscode.Uri> {
  const from = vscode.Uri.joinPath(context.extensionUri, 'media', 'samples');
  const to = vscode.Uri.joinPath(context.globalStorageUri, 'samples');
  await vscode.workspace.fs.createDirectory(to);
  const present = new Set((await vscode.workspace.fs.readDirectory(to)).map(([name]) => name));
  for (const [name] of samples()) {
    if (!present.has(name)) {
      await vscode.workspace.fs.copy(vscode.Uri.joinPath(from, name), vscode.Uri.joinPath(to, name));
    }
  }
  return to;
}
