/** Launch configurations of the debug type: offers, completes and rejects them. */
import path from 'node:path';
import * as vscode from 'vscode';
import { SETTINGS_SECTION, setting } from '../ids';

/** What the debug type is called in package.json. */
export const DEBUG_TYPE = 'forkscope';

const MEGABYTE = 1024 * 1024;

/** Finds the interpreter for a folder; rejects with a sentence for the user. */
export type ResolvePython = (folder: vscode.WorkspaceFolder | undefined) => Promise<string>;

/** The attributes of this debug type. */
interface LaunchConfiguration extends vscode.DebugConfiguration {
  program?: unknown;
  module?: unknown;
  cwd?: unknown;
  python?: unknown;
  console?: unknown;
  recording?: unknown;
}

function currentFile(): vscode.DebugConfiguration {
  return {
    type: DEBUG_TYPE,
    request: 'launch',
    name: vscode.l10n.t('Forkscope: Current File'),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of VS Code, not of JavaScript.
    program: '${file}',
  };
}

/** Shows why a start was rejected, with buttons to fix it. Returns undefined, which ends the start silently. */
async function refuse(sentence: string, actions: Readonly<Record<string, () => unknown>> = {}): Promise<undefined> {
  const choice = await vscode.window.showErrorMessage(sentence, ...Object.keys(actions));
  if (choice !== undefined) {
    await actions[choice]?.();
  }
  return undefined;
}

const command =
  (name: string, ...args: unknown[]) =>
  (): Thenable<unknown> =>
    vscode.commands.executeCommand(name, ...args);

export class ConfigurationProvider implements vscode.DebugConfigurationProvider {
  /** @param bundledDebugpy the folder of the editor's debugpy package */
  constructor(
    private readonly resolvePython: ResolvePython,
    private readonly bundledDebugpy: () => string | undefined = () => undefined,
  ) {}

  /** For a new launch.json, and for the list of configurations that need none. */
  provideDebugConfigurations(): vscode.DebugConfiguration[] {
    return [currentFile()];
  }

  /** Before variables are substituted. */
  async resolveDebugConfiguration(
    folder: vscode.WorkspaceFolder | undefined,
    given: LaunchConfiguration,
  ): Promise<vscode.DebugConfiguration | undefined> {
    if (!vscode.workspace.isTrusted) {
      return refuse(vscode.l10n.t('Forkscope runs programs in trusted workspaces only.'), {
        [vscode.l10n.t('Manage Workspace Trust')]: command('workbench.trust.manage'),
      });
    }
    const empty = !given.type && !given.request && !given.name;
    const configuration: LaunchConfiguration = empty ? currentFile() : { ...given };
    if (empty) {
      const document = vscode.window.activeTextEditor?.document;
      if (document?.languageId !== 'python') {
        return refuse(vscode.l10n.t('Open the Python file that Forkscope should run, then start again.'), {
          [vscode.l10n.t('Open launch.json')]: command('workbench.action.debug.configure'),
        });
      }
      if (document.isUntitled) {
        return refuse(vscode.l10n.t('Save the Python file first: only a file on disk can be run.'), {
          [vscode.l10n.t('Save')]: command('workbench.action.files.save'),
        });
      }
    }
    if (configuration.request === 'attach' && typeof configuration['session'] === 'string') {
      return configuration; // a companion session
    }
    if (configuration.request !== 'launch') {
      return refuse(vscode.l10n.t('Forkscope cannot attach to a running program. Set "request" to "launch".'), {
        [vscode.l10n.t('Open launch.json')]: command('workbench.action.debug.configure'),
      });
    }
    if (!configuration.program && !configuration.module) {
      return refuse(vscode.l10n.t('The launch configuration names neither a "program" nor a "module" to run.'), {
        [vscode.l10n.t('Open launch.json')]: command('workbench.action.debug.configure'),
      });
    }
    configuration.console ??= setting('console', folder);
    configuration.recording ??= {
      payload: setting('payloadBytes', folder),
      ring: setting('recording.sizeLimitPerProcessMB', folder) * MEGABYTE,
      native: setting('native') === 'auto' ? 1 : 0,
    };
    return configuration;
  }

  /** With variables substituted: fills in the folder and the interpreter. */
  async resolveDebugConfigurationWithSubstitutedVariables(
    folder: vscode.WorkspaceFolder | undefined,
    given: LaunchConfiguration,
  ): Promise<vscode.DebugConfiguration | undefined> {
    const configuration = { ...given };
    if (configuration.request === 'attach') {
      return configuration;
    }
    const debugpy = given['lineDebugging'] === 'off' ? undefined : this.bundledDebugpy();
    if (debugpy !== undefined) {
      configuration['debugpy'] ??= debugpy;
    }
    const { program, cwd, python } = configuration;
    if (!cwd) {
      const ofProgram = typeof program === 'string' && path.isAbsolute(program) ? path.dirname(program) : undefined;
      const wanted = folder?.uri.fsPath ?? ofProgram;
      if (wanted !== undefined) {
        configuration.cwd = wanted;
      }
    }
    if (!python) {
      try {
        configuration.python = await this.resolvePython(folder);
      } catch (error) {
        return refuse(error instanceof Error ? error.message : String(error), {
          [vscode.l10n.t('Open Settings')]: command('workbench.action.openSettings', `${SETTINGS_SECTION}.python`),
        });
      }
    }
    return configuration;
  }
}
