/** Completes launch configurations, from launch.json too, with what the settings say. */
import * as vscode from 'vscode';
import { DEBUG_TYPE } from '../debug/names';
import { setting } from '../ids';

const MEGABYTE = 1024 * 1024;

export function registerLaunchDefaults(): vscode.Disposable {
  return vscode.debug.registerDebugConfigurationProvider(DEBUG_TYPE, {
    resolveDebugConfigurationWithSubstitutedVariables: (folder, configuration) => ({
      // Without it the empty Debug Console would cover the terminal that the program runs in.
      internalConsoleOptions: configuration['console'] === 'internalConsole' ? 'openOnSessionStart' : 'neverOpen',
      ...configuration,
      recording: {
        payload: setting('payloadBytes', folder?.uri),
        ring: setting('journalLimitMB', folder?.uri) * MEGABYTE,
        ...(configuration['recording'] as object | undefined),
      },
    }),
  });
}
