/** The server's log: switched on by a setting; and what was written, packed for who looks for the cause of a fault. */
import * as vscode from 'vscode';
import type { TraceParams } from '../../server/protocol/stream';
import type { ForkscopeClient } from '../client/client';
import {
  onDidChangeSetting,
  registerCommand,
  SETTING_DEFAULTS,
  SETTINGS_SECTION,
  type Settings,
  setting,
} from '../ids';
import { aboutText } from './about';
import { type Entry, zip } from './zip';

/** Where VS Code has the output channel's file, and the server its logs. */
type LogFolder = Pick<vscode.ExtensionContext, 'logUri'>;

/** The log that is wanted now. */
export function wantedTrace({ logUri }: LogFolder): TraceParams {
  return { level: setting('trace'), folder: logUri.fsPath };
}

export function registerLogs(
  context: LogFolder & Pick<vscode.ExtensionContext, 'extension'>,
  client: Pick<ForkscopeClient, 'setTrace'>,
): vscode.Disposable {
  return vscode.Disposable.from(
    onDidChangeSetting('trace', () => client.setTrace(wantedTrace(context))),
    registerCommand('forkscope.collectLogs', () => collectLogs(context)),
  );
}

async function collectLogs(context: Parameters<typeof registerLogs>[0]): Promise<void> {
  const logs = await logsIn(context.logUri);
  if (!logs.some(isServers)) {
    await offerTrace();
    return;
  }
  const choose = vscode.l10n.t('Choose Where to Save…');
  const choice = await vscode.window.showInformationMessage(
    vscode.l10n.t('Collect the logs of Forkscope?'),
    {
      modal: true,
      detail: vscode.l10n.t(
        'In the archive: the logs of the server and of the extension, versions, and the settings of Forkscope. They name files, processes, variables and functions.\n\nNot in it: contents of messages and variables, output and arguments of your program, source text, values of environment variables.',
      ),
    },
    choose,
  );
  if (choice !== choose) return;
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(/[T:]/g, '-');
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const name = `forkscope-logs-${stamp}.zip`;
  const file = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Collect Logs'),
    defaultUri: folder === undefined ? vscode.Uri.file(name) : vscode.Uri.joinPath(folder, name),
    filters: { [vscode.l10n.t('Archives')]: ['zip'] },
  });
  if (file === undefined) return;
  try {
    const entries: Entry[] = [{ name: 'about.txt', data: Buffer.from(aboutText(about(context.extension))) }];
    for (const each of logs)
      entries.push({ name: each, data: await vscode.workspace.fs.readFile(vscode.Uri.joinPath(context.logUri, each)) });
    await vscode.workspace.fs.writeFile(file, await zip(entries));
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Saved {0}. Check its contents before sharing.', file.fsPath),
    );
  } catch (error) {
    void vscode.window.showErrorMessage(
      vscode.l10n.t('The logs could not be saved: {0}', error instanceof Error ? error.message : String(error)),
    );
  }
}

/** Nothing was logged yet: how to come to a log. */
async function offerTrace(): Promise<void> {
  if (setting('trace') !== 'off') {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Nothing was logged yet. Do again what went wrong, then collect the logs.'),
    );
    return;
  }
  const switchOn = vscode.l10n.t('Turn On Logging');
  const choice = await vscode.window.showInformationMessage(
    vscode.l10n.t('Nothing was logged yet. Turn on forkscope.trace, do again what went wrong, then collect the logs.'),
    switchOn,
  );
  if (choice === switchOn) {
    const level: Settings['trace'] = 'verbose';
    await vscode.workspace.getConfiguration(SETTINGS_SECTION).update('trace', level, vscode.ConfigurationTarget.Global);
  }
}

async function logsIn(folder: vscode.Uri): Promise<string[]> {
  try {
    const all = await vscode.workspace.fs.readDirectory(folder);
    return all.flatMap(([name, type]) => (type === vscode.FileType.File && name.endsWith('.log') ? [name] : [])).sort();
  } catch {
    return []; // created with the first log
  }
}

/** Not the output channel's. */
function isServers(name: string): boolean {
  return name.startsWith('language-server-');
}

function about({ packageJSON }: vscode.Extension<unknown>) {
  const names = Object.keys(SETTING_DEFAULTS) as (keyof Settings)[];
  return {
    extension: String((packageJSON as { version?: unknown }).version),
    editor: `${vscode.env.appName} ${vscode.version}`,
    remote: vscode.env.remoteName,
    settings: Object.fromEntries(names.map((name) => [name, setting(name)])),
  };
}
