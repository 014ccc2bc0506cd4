/** The setting that mutes findings by code. */
import * as vscode from 'vscode';
import { FINDING_CODES, type FindingCode } from '../../server/protocol/views';
import { onDidChangeSetting, SETTINGS_SECTION, setting } from '../ids';

const NAME = 'findings.muted';

export function isCode(value: unknown): value is FindingCode {
  return FINDING_CODES.some((each) => each === value);
}

/** The codes in force. Settings are edited by hand, so unknown values are dropped. */
export function mutedCodes(): FindingCode[] {
  const value: unknown = setting(NAME);
  return Array.isArray(value) ? value.filter(isCode) : [];
}

export function onDidChangeMuted(listener: () => void): vscode.Disposable {
  return onDidChangeSetting(NAME, listener);
}

/** Writes the codes where they are set now; where they are set nowhere, into the folder's settings if one is open. */
async function setMuted(codes: readonly FindingCode[]): Promise<void> {
  const configuration = vscode.workspace.getConfiguration(SETTINGS_SECTION);
  const known = configuration.inspect(NAME);
  const folder = known?.workspaceValue !== undefined || (known?.globalValue === undefined && hasFolder());
  const target = folder ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  await configuration.update(NAME, [...new Set(codes)].sort(), target);
}

function hasFolder(): boolean {
  return (vscode.workspace.workspaceFolders?.length ?? 0) > 0;
}

/** Mutes one code, and offers to undo it. */
export async function mute(code: FindingCode): Promise<void> {
  const before = mutedCodes();
  if (before.includes(code)) {
    return;
  }
  await setMuted([...before, code]);
  const undo = vscode.l10n.t('Undo');
  const text = vscode.l10n.t('Findings of type {0} are no longer shown.', code);
  if ((await vscode.window.showInformationMessage(text, undo)) === undo) {
    await setMuted(mutedCodes().filter((each) => each !== code));
  }
}

/** Lets the user choose all that is muted. */
export async function chooseMuted(): Promise<void> {
  const now = mutedCodes();
  const chosen = await vscode.window.showQuickPick(
    FINDING_CODES.map((code) => ({ label: code, picked: now.includes(code) })),
    { title: vscode.l10n.t('Hidden findings'), canPickMany: true },
  );
  if (chosen !== undefined) {
    await setMuted(chosen.map((each) => each.label));
  }
}
