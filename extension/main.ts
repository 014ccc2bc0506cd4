/** Composes the extension and registers its parts. */
import * as vscode from 'vscode';
import { useBundle } from '../server/shared/text/language';
import { ForkscopeClient } from './client/client';
import { registerCommands } from './commands';
import { DebugLinks } from './commands/debugLinks';
import { focusStopped, followCallStack } from './commands/stopped';
import { registerDebug } from './debug';
import { registerFindings } from './findings';
import { mutedCodes } from './findings/muting';
import { setContext, setting } from './ids';
import { wantedTrace } from './logs';
import { registerPanel } from './panel';
import { resolvePython } from './python';
import { migrateSettings } from './renamedSettings';
import { SessionStore } from './state/sessionStore';
import { registerViews } from './views';

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  if (vscode.l10n.bundle !== undefined) {
    useBundle(vscode.l10n.bundle);
  }
  const output = vscode.window.createOutputChannel('Forkscope', { log: true });
  const store = new SessionStore();
  const client = new ForkscopeClient({
    serverModule: context.asAbsolutePath('dist/server.js'),
    output,
    store: context.workspaceState,
    mutedFindings: mutedCodes,
    trace: () => wantedTrace(context),
  });
  const links = new DebugLinks();
  const panel = registerPanel(context, client, store);
  const views = registerViews(context, store);
  panel.reveal = async (node) => {
    await views.reveal(node);
    await focusStopped(store, links, node);
  };

  context.subscriptions.push(
    output,
    client,
    links,
    client.onDidUpdate((update) => store.apply(update)),
    client.onDidChangeState((state) => setContext('forkscope.serverFailed', state === 'failed')),
    links.onDidStart((sessionId) => {
      if (setting('openPanelOnRun')) {
        panel.show({ sessionId }, { preserveFocus: true });
      }
    }),
    followCallStack((sessionId, processId) => {
      void views.follow({ kind: 'process', sessionId, processId });
      panel.mark(sessionId, processId);
    }),
    registerDebug(client, resolvePython, context.globalState),
    ...registerFindings({ extension: context.extensionUri, client, store, panel }),
    ...registerCommands({ context, client, store, links, output, panel, ...views }),
  );
  await client.start();
  for (const failure of await migrateSettings(context)) {
    output.warn(failure);
  }
}
