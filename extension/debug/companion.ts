/**
 * `"forkscope": true` in a launch configuration of the Python debugger: the program starts as that debugger starts it, in an environment
 * that lets Forkscope see it, and a Forkscope companion session breaks at messages.
 */
import * as vscode from 'vscode';
import type { ForkscopeClient } from '../client/client';
import { DEBUG_TYPE } from './configuration';

/** Debug types of the Python Debugger extension. */
const TYPES = ['debugpy', 'python'];

interface PythonConfiguration extends vscode.DebugConfiguration {
  forkscope?: unknown;
  program?: unknown;
  module?: unknown;
  args?: unknown;
  cwd?: unknown;
  python?: unknown;
  env?: Record<string, string>;
  /** debugpy's: which files are shown and stepped into, whatever justMyCode says. */
  rules?: unknown;
  /** Ours: the session's folder, from the provider to the start. */
  forkscopeFolder?: string;
}

type Preparing = Pick<ForkscopeClient, 'prepare'>;

export class CompanionProvider implements vscode.DebugConfigurationProvider {
  constructor(private readonly client: Preparing) {}

  async resolveDebugConfigurationWithSubstitutedVariables(
    folder: vscode.WorkspaceFolder | undefined,
    given: PythonConfiguration,
  ): Promise<vscode.DebugConfiguration> {
    // debugpy's sessions of child processes carry the whole configuration of the first one: they are in its session already.
    if (given.forkscope !== true || given.request !== 'launch' || given.forkscopeFolder !== undefined) {
      return given;
    }
    if (!vscode.workspace.isTrusted) {
      return given;
    }
    try {
      const prepared = await this.client.prepare(this.params(folder, given));
      return {
        ...given,
        env: { ...given.env, ...prepared.env },
        rules: [...(Array.isArray(given.rules) ? given.rules : []), { path: `${prepared.runtime}/**`, include: false }],
        forkscopeFolder: prepared.folder,
      };
    } catch (error) {
      // Starts the program even if it cannot be observed.
      const why = error instanceof Error ? error.message : String(error);
      void vscode.window.showWarningMessage(vscode.l10n.t('Forkscope does not see this program: {0}', why));
      return given;
    }
  }

  private params(folder: vscode.WorkspaceFolder | undefined, given: PythonConfiguration) {
    const python = [given.python].flat()[0];
    const target = typeof given.module === 'string' ? ['-m', given.module] : [String(given.program ?? '')];
    const args = Array.isArray(given.args) ? given.args.map(String) : [];
    const { PYTHONPATH: pythonPath } = given.env ?? {};
    return {
      command: [typeof python === 'string' ? python : 'python', ...target, ...args],
      cwd: typeof given.cwd === 'string' ? given.cwd : (folder?.uri.fsPath ?? ''),
      ...(pythonPath === undefined ? {} : { pythonPath }),
    };
  }
}

export function registerCompanion(client: Preparing): vscode.Disposable {
  const provider = new CompanionProvider(client);
  const begun = new Set<string>();
  return vscode.Disposable.from(
    ...TYPES.map((type) => vscode.debug.registerDebugConfigurationProvider(type, provider)),
    vscode.debug.onDidStartDebugSession(async (session) => {
      const { forkscopeFolder } = session.configuration as PythonConfiguration;
      if (!TYPES.includes(session.type) || forkscopeFolder === undefined || begun.has(forkscopeFolder)) {
        return;
      }
      begun.add(forkscopeFolder);
      await vscode.debug.startDebugging(
        session.workspaceFolder,
        { type: DEBUG_TYPE, request: 'attach', name: `Forkscope: ${session.name}`, session: forkscopeFolder },
        { parentSession: session, compact: false },
      );
    }),
  );
}
