/** Registers the debug type: its configurations and the connection to its adapter. */
import * as vscode from 'vscode';
import type { SessionId } from '../../server/protocol/views';
import type { ForkscopeClient } from '../client/client';
import { registerCompanion } from './companion';
import { ConfigurationProvider, DEBUG_TYPE, type ResolvePython } from './configuration';
import { bundledDebugpy, registerDebugpyOffer } from './lineDebugger';
import { onAdapterEvent } from './requests';

export { DEBUG_TYPE } from './configuration';

/**
 * The debug adapter lives in the server, on a local socket; each start of the server has its own. A session that starts
 * while the server restarts waits for it; when the server stays down the start fails with its sentence.
 */
export function registerDebug(
  client: Pick<ForkscopeClient, 'dap' | 'prepare'>,
  resolvePython: ResolvePython,
  memory: vscode.Memento,
): vscode.Disposable {
  const provider = new ConfigurationProvider(resolvePython, bundledDebugpy);
  return vscode.Disposable.from(
    registerCompanion(client),
    registerDebugpyOffer(memory),
    vscode.debug.registerDebugConfigurationProvider(DEBUG_TYPE, provider),
    vscode.debug.registerDebugConfigurationProvider(
      DEBUG_TYPE,
      { provideDebugConfigurations: () => provider.provideDebugConfigurations() },
      vscode.DebugConfigurationProviderTriggerKind.Dynamic,
    ),
    vscode.debug.registerDebugAdapterDescriptorFactory(DEBUG_TYPE, {
      createDebugAdapterDescriptor: async () => new vscode.DebugAdapterNamedPipeServer((await client.dap()).path),
    }),
  );
}

/** A debug session was attached to a Forkscope session: at its launch, and again after each restart. */
export function onDidLinkSession(
  listener: (link: { readonly debugSession: vscode.DebugSession; readonly sessionId: SessionId }) => void,
): vscode.Disposable {
  return onAdapterEvent('session', ({ sessionId }, debugSession) => listener({ debugSession, sessionId }));
}
