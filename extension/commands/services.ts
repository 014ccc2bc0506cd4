/** What commands work with. */
import type * as vscode from 'vscode';
import type { FocusParams } from '../../server/protocol/panel';
import type { ForkscopeClient } from '../client/client';
import type { Node } from '../ids';
import type { SessionStore } from '../state/sessionStore';
import type { DebugLinks } from './debugLinks';

interface Panel {
  /** Shows the panel, and in it what is named; the keyboard stays where it is when `preserveFocus` is set. */
  show(focus: FocusParams | undefined, options: { readonly preserveFocus: boolean }): unknown;
}

export interface Services {
  readonly context: vscode.ExtensionContext;
  readonly client: ForkscopeClient;
  readonly store: SessionStore;
  readonly panel: Panel;
  readonly links: DebugLinks;
  readonly output: vscode.LogOutputChannel;
  /** The rows that are selected in the views. */
  readonly selectedProcess: () => Node | undefined;
  readonly selectedChannel: () => Node | undefined;
  readonly selectedPool: () => Node | undefined;
}
