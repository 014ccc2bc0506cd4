/** The webview panel's side in the extension: opens it, feeds it, answers it. It holds no state of its own. */
import * as vscode from 'vscode';
import { Messenger } from 'vscode-messenger';
import type { MessageParticipant } from 'vscode-messenger-common';
import {
  type FocusParams,
  PanelActOn,
  PanelFinding,
  PanelFocus,
  PanelHello,
  PanelOpenLine,
  PanelReveal,
  PanelRun,
  PanelUpdate,
  panelRequest,
} from '../../server/protocol/panel';
import { RELAYED_NAMES } from '../../server/protocol/requests';
import type { UpdateParams } from '../../server/protocol/stream';
import type { ProcessId, SessionId } from '../../server/protocol/views';
import type { ForkscopeClient } from '../client/client';
import { openLine } from '../commands/openLine';
import { executeCommand, type Node } from '../ids';
import type { SessionStore } from '../state/sessionStore';
import { panelHtml, panelResources } from './html';

/** The kind of webview, also the name under which VS Code brings it back after a reload of the window. */
const PANEL_TYPE = 'forkscope.panel';

class PanelHost {
  private panel: vscode.WebviewPanel | undefined;
  private receiver: MessageParticipant | undefined;
  private pending: FocusParams | undefined;
  /** Selects a row of the tree of processes; set by who composes the extension. */
  reveal: (node: Node) => unknown = () => undefined;
  private readonly messenger = new Messenger();

  constructor(
    private readonly extension: vscode.Uri,
    readonly client: ForkscopeClient,
    private readonly store: SessionStore,
  ) {
    const { messenger } = this;
    messenger.onRequest(PanelHello, () => this.hello());
    for (const name of RELAYED_NAMES) messenger.onRequest(panelRequest(name), (params) => client.request(name, params));
    messenger.onNotification(PanelReveal, ({ sessionId, processId }) => {
      void this.reveal({ kind: 'process', sessionId, processId });
    });
    messenger.onNotification(PanelFinding, ({ code, action }) => {
      void executeCommand(action === 'mute' ? 'forkscope.muteFinding' : 'forkscope.explainFinding', code);
    });
    messenger.onNotification(PanelActOn, ({ act, sessionId, processId }) => {
      const commands = {
        edit: 'forkscope.editMessage',
        drop: 'forkscope.dropMessage',
        twice: 'forkscope.sendTwice',
        delay: 'forkscope.delayMessage',
      } as const;
      void executeCommand(commands[act], { kind: 'process', sessionId, processId });
    });
    messenger.onNotification(PanelOpenLine, (line) => void openLine(line));
    messenger.onNotification(PanelRun, ({ command, sessionId }) => {
      const node = sessionId === undefined ? undefined : ({ kind: 'session', sessionId } as const);
      if (command === 'runFile') void executeCommand('forkscope.runFile');
      else if (command === 'openSamples') void executeCommand('forkscope.openSamples');
      else if (command === 'stop') void executeCommand('forkscope.stop', node);
      else if (command === 'save') void executeCommand('forkscope.saveRecording', node);
      else void executeCommand('forkscope.close', node);
    });
  }

  /** Shows the panel beside the editor, or where it already is. */
  show(focus: FocusParams | undefined, options: { readonly preserveFocus: boolean }): void {
    if (this.panel === undefined) {
      this.pending = focus;
      const panel = vscode.window.createWebviewPanel(
        PANEL_TYPE,
        'Forkscope',
        { viewColumn: vscode.ViewColumn.Beside, preserveFocus: options.preserveFocus },
        this.webviewOptions(),
      );
      this.adopt(panel);
      return;
    }
    this.panel.reveal(undefined, options.preserveFocus);
    if (focus !== undefined && this.receiver !== undefined)
      this.messenger.sendNotification(PanelFocus, this.receiver, focus);
  }

  /** Marks a process in the panel, if that is open. */
  mark(sessionId: SessionId, processId: ProcessId): void {
    if (this.panel?.visible === true && this.receiver !== undefined)
      this.messenger.sendNotification(PanelFocus, this.receiver, { sessionId, processId, mark: true });
  }

  /** Takes over a panel: a new one, or one that VS Code brought back. */
  adopt(panel: vscode.WebviewPanel): void {
    this.panel?.dispose();
    this.panel = panel;
    panel.webview.options = this.webviewOptions();
    const icon = (name: string) => vscode.Uri.joinPath(this.extension, 'media', 'icons', name);
    panel.iconPath = { light: icon('panel-light.svg'), dark: icon('panel-dark.svg') };
    this.receiver = this.messenger.registerWebviewPanel(panel, { broadcastMethods: [] });
    panel.webview.html = panelHtml(panel.webview, this.extension);
    panel.onDidDispose(() => {
      if (this.panel === panel) {
        this.panel = undefined;
        this.receiver = undefined;
      }
    });
  }

  relay(update: UpdateParams): void {
    if (this.panel?.visible === true && this.receiver !== undefined)
      this.messenger.sendNotification(PanelUpdate, this.receiver, update);
  }

  dispose(): void {
    this.panel?.dispose();
  }

  private webviewOptions(): vscode.WebviewOptions {
    return { enableScripts: true, localResourceRoots: [panelResources(this.extension)] };
  }

  private hello() {
    const focus = this.pending;
    this.pending = undefined;
    const update = this.store.snapshot();
    return { update, strings: strings(), locale: vscode.env.language, ...(focus !== undefined && { focus }) };
  }
}

/** The panel's strings in the user's language; English is their key. */
function strings(): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [key, value] of Object.entries(vscode.l10n.bundle ?? {}))
    found[key] = typeof value === 'string' ? value : (value as { message: string }).message;
  return found;
}

/** Registers the panel; VS Code brings it back after a reload of the window. */
export function registerPanel(
  context: vscode.ExtensionContext,
  client: ForkscopeClient,
  store: SessionStore,
): PanelHost {
  const host = new PanelHost(context.extensionUri, client, store);
  context.subscriptions.push(
    host,
    client.onDidUpdate((update) => host.relay(update)),
    vscode.window.registerWebviewPanelSerializer(PANEL_TYPE, {
      deserializeWebviewPanel: async (panel) => host.adopt(panel),
    }),
  );
  return host;
}
