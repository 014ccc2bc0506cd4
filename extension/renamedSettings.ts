/** Moves renamed settings to their new names. */
import * as vscode from 'vscode';
import { OLD_SETTING_NAMES, SETTINGS_SECTION } from './ids';

type Memories = Pick<vscode.ExtensionContext, 'globalState' | 'workspaceState'>;

/** A place where settings are written, and the key of `vscode.WorkspaceConfiguration.inspect` for its value. */
interface SettingsScope {
  readonly value: 'globalValue' | 'workspaceValue' | 'workspaceFolderValue';
  readonly target: vscode.ConfigurationTarget;
  readonly configuration: vscode.WorkspaceConfiguration;
  /** Records which settings were moved here. */
  readonly memory: vscode.Memento;
  /** Tells the scope from others with the same memory. */
  readonly key: string;
}

/**
 * Moves each renamed setting to its new name, in the scope where it is set, once per scope. An existing value of the new name stays.
 * Settings that cannot be written keep their old name, which `setting` still honours.
 * @returns one sentence per setting that could not be moved, for the log
 */
export async function migrateSettings(context: Memories): Promise<string[]> {
  const failures: string[] = [];
  for (const scope of settingsScopes(context)) {
    for (const [name, oldName] of Object.entries(OLD_SETTING_NAMES)) {
      try {
        await migrate(scope, name, oldName);
      } catch (error) {
        failures.push(`${SETTINGS_SECTION}.${oldName} was not renamed: ${String(error)}`);
      }
    }
  }
  return failures;
}

function settingsScopes({ globalState, workspaceState }: Memories): SettingsScope[] {
  const { workspaceFile, workspaceFolders = [] } = vscode.workspace;
  const { Global, Workspace, WorkspaceFolder } = vscode.ConfigurationTarget;
  const configuration = vscode.workspace.getConfiguration(SETTINGS_SECTION, null);
  const workspace = {
    value: 'workspaceValue',
    target: Workspace,
    configuration,
    memory: workspaceState,
    key: '',
  } as const;
  // The only folder of a window without a workspace file has the workspace's settings.
  const folders = workspaceFile === undefined ? [] : workspaceFolders;
  return [
    { value: 'globalValue', target: Global, configuration, memory: globalState, key: '' },
    ...(workspaceFolders.length > 0 ? [workspace] : []),
    ...folders.map(({ uri }) => ({
      value: 'workspaceFolderValue' as const,
      target: WorkspaceFolder,
      configuration: vscode.workspace.getConfiguration(SETTINGS_SECTION, uri),
      memory: workspaceState,
      key: uri.toString(),
    })),
  ];
}

async function migrate(scope: SettingsScope, name: string, oldName: string): Promise<void> {
  const { configuration, value, target, memory } = scope;
  const done = `forkscope.renamedSetting:${oldName}:${scope.key}`;
  const old = configuration.inspect(oldName)?.[value];
  if (old === undefined || memory.get(done) === true) {
    return;
  }
  if (configuration.inspect(name)?.[value] === undefined) {
    await configuration.update(name, old, target);
  }
  await configuration.update(oldName, undefined, target);
  await memory.update(done, true);
}
