/** Registers all commands. */
import type * as vscode from 'vscode';
import { registerCommand } from '../ids';
import { registerLogs } from '../logs';
import { selectInterpreter } from '../python';
import { registerDebuggingCommands } from './debugging';
import { registerLaunchDefaults } from './launchDefaults';
import { registerProcessCommands } from './processes';
import { registerRunCommands } from './run';
import { registerSampleCommand } from './samples';
import type { Services } from './services';
import { registerSessionCommands } from './sessions';

export function registerCommands(services: Services): vscode.Disposable[] {
  return [
    ...registerRunCommands(services),
    ...registerSessionCommands(services),
    ...registerProcessCommands(services),
    ...registerDebuggingCommands(services),
    registerSampleCommand(services.context),
    registerLaunchDefaults(),
    registerCommand('forkscope.selectInterpreter', selectInterpreter),
    registerCommand('forkscope.showLog', () => services.output.show()),
    registerLogs(services.context, services.client),
    registerCommand('forkscope.restartServer', () => services.client.restart()),
  ];
}
