/** Completes launch configurations, from launch.json too, with what the editor should do when they start. */
import * as vscode from 'vscode';
import { DEBUG_TYPE } from '../debug';

export function registerLaunchDefaults(): vscode.Disposable {
  return vscode.debug.registerDebugConfigurationProvider(DEBUG_TYPE, {
    resolveDebugConfigurationWithSubstitutedVariables: (_folder, configuration) => {
      const { console } = configuration;
      // Without it the empty Debug Console would cover the terminal that the program runs in.
      return {
        internalConsoleOptions: console === 'internalConsole' ? 'openOnSessionStart' : 'neverOpen',
        ...configuration,
      };
    },
  });
}
