/** Finds the interpreter that runs a program, and lets the user choose another. */
import * as vscode from 'vscode';
import { SETTINGS_SECTION, setting } from '../ids';
import { Discovery, type Found, type NoPython, type Place } from './discovery';
import { thisMachine } from './machine';
import { activeInterpreter, knownInterpreters } from './pythonExtension';

const discovery = new Discovery(thisMachine);

function placeOf(folder: vscode.WorkspaceFolder | undefined, file?: vscode.Uri): Place {
  return {
    folder: folder?.uri.fsPath,
    setting: setting('python', file ?? folder?.uri),
    active: () => activeInterpreter(file ?? folder?.uri),
  };
}

/**
 * Absolute path of the interpreter for a program in `folder` (and of `file`, where it is known).
 * Rejects with NoPython, whose message is a sentence for the user.
 */
export async function resolvePython(folder: vscode.WorkspaceFolder | undefined, file?: vscode.Uri): Promise<string> {
  return (await discovery.resolve(placeOf(folder, file))).path;
}

/** Shows why there is no interpreter, with the two ways out. True when one was chosen now. */
export async function offerInterpreter(error: NoPython): Promise<boolean> {
  const choose = vscode.l10n.t('Choose Interpreter…');
  const settings = vscode.l10n.t('Open Settings');
  const choice = await vscode.window.showErrorMessage(error.message, choose, settings);
  if (choice === settings) {
    await vscode.commands.executeCommand('workbench.action.openSettings', `${SETTINGS_SECTION}.python`);
  }
  return choice === choose && (await selectInterpreter());
}

const sourceText = (found: Found): string => {
  switch (found.source) {
    case 'setting':
      return vscode.l10n.t('chosen in the settings');
    case 'extension':
      return vscode.l10n.t('from the Python extension');
    case 'workspace':
      return vscode.l10n.t('in this workspace');
    case 'path':
      return vscode.l10n.t('on the PATH');
  }
};

interface Choice extends vscode.QuickPickItem {
  readonly value?: string;
  readonly browse?: true;
}

/** The command: a list of what was found, and a way to anything else. True when the setting was changed. */
export async function selectInterpreter(): Promise<boolean> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  const place = placeOf(folder);
  const choices = async (): Promise<Choice[]> => {
    const found = await discovery.all(place, await knownInterpreters());
    return [
      {
        label: `$(settings-gear) ${vscode.l10n.t('Find it automatically')}`,
        detail: vscode.l10n.t("The Python extension's interpreter, else .venv, else the one on the PATH"),
        value: '',
      },
      { label: `$(folder) ${vscode.l10n.t('Browse…')}`, browse: true },
      { label: vscode.l10n.t('Found'), kind: vscode.QuickPickItemKind.Separator },
      ...found.map((each) => ({
        label: `$(terminal) ${each.path}`,
        description: sourceText(each),
        value: each.path,
      })),
    ];
  };
  const chosen = await vscode.window.showQuickPick(choices(), {
    title: vscode.l10n.t('Python Interpreter for Forkscope'),
    placeHolder: vscode.l10n.t('Now: {0}', place.setting === '' ? vscode.l10n.t('found automatically') : place.setting),
    matchOnDescription: true,
  });
  const value = chosen?.browse === true ? await browse(folder) : chosen?.value;
  if (value === undefined) {
    return false;
  }
  await vscode.workspace
    .getConfiguration(SETTINGS_SECTION, folder?.uri)
    .update('python', value === '' ? undefined : value, target());
  return true;
}

async function browse(folder: vscode.WorkspaceFolder | undefined): Promise<string | undefined> {
  const files = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Choose a Python Interpreter'),
    openLabel: vscode.l10n.t('Choose'),
    canSelectMany: false,
    ...(folder === undefined ? {} : { defaultUri: folder.uri }),
    ...(process.platform === 'win32' ? { filters: { [vscode.l10n.t('Programs')]: ['exe'] } } : {}),
  });
  return files?.[0]?.fsPath;
}

function target(): vscode.ConfigurationTarget {
  return vscode.workspace.workspaceFolders === undefined
    ? vscode.ConfigurationTarget.Global
    : vscode.ConfigurationTarget.Workspace;
}
