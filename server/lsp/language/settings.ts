/** What the user wants to see in the editor, as package.json declares it. */
import {
  type ClientCapabilities,
  type Connection,
  DidChangeConfigurationNotification,
} from 'vscode-languageserver/node';

export interface EditorSettings {
  readonly codeLens: boolean;
  readonly inlayHints: boolean;
  readonly hover: boolean;
  readonly checks: boolean;
  /** Codes of findings. */
  readonly muted: readonly string[];
}

export const DEFAULTS: EditorSettings = { codeLens: true, inlayHints: true, hover: true, checks: true, muted: [] };

/** From the contents of the section "forkscope"; what is missing or of a wrong type is as in `otherwise`. */
export function readSettings(section: unknown, otherwise: EditorSettings): EditorSettings {
  const all = (section ?? {}) as Record<string, Record<string, unknown> | undefined>;
  const flag = (name: 'codeLens' | 'inlayHints' | 'hover' | 'checks'): boolean => {
    const value = all[name]?.['enabled'];
    return typeof value === 'boolean' ? value : otherwise[name];
  };
  const muted = all['findings']?.['muted'];
  return {
    codeLens: flag('codeLens'),
    inlayHints: flag('inlayHints'),
    hover: flag('hover'),
    checks: flag('checks'),
    muted: Array.isArray(muted) ? muted.filter((each) => typeof each === 'string') : otherwise.muted,
  };
}

/** Asks for the settings now and whenever they changed; clients that cannot answer send them. */
export function followSettings(
  connection: Connection,
  capabilities: ClientCapabilities,
  changed: (section: unknown) => void,
): void {
  const { workspace } = capabilities;
  const warn = (error: unknown): void => connection.console.warn(String(error));
  const ask = (): void => {
    connection.workspace.getConfiguration('forkscope').then(changed).catch(warn);
  };
  if (workspace?.didChangeConfiguration?.dynamicRegistration === true) {
    connection.client.register(DidChangeConfigurationNotification.type, { section: 'forkscope' }).catch(warn);
  }
  connection.onDidChangeConfiguration(({ settings }) => {
    const sent = (settings as Record<string, unknown> | null)?.['forkscope'];
    if (sent !== undefined) changed(sent);
    else if (workspace?.configuration === true) ask();
  });
  if (workspace?.configuration === true) ask();
}
