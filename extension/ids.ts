/**
 * Every name that package.json contributes, with the types that belong to it, behind typed wrappers.
 * A unit test compares this file with package.json.
 */
import * as vscode from 'vscode';
import type { FocusParams } from '../server/protocol/panel';
import type { TraceLevel } from '../server/protocol/stream';
import type { ChannelId, FindingCode, PoolId, ProcessId, SessionId } from '../server/protocol/views';

export const CONTAINER = 'forkscope';
export const VIEWS = {
  processes: 'forkscope.processes',
  channels: 'forkscope.channels',
  pools: 'forkscope.pools',
} as const;
export const WALKTHROUGH = 'start';
export const RECORDING_SUFFIX = 'forkscope';

/** What a row of a tree represents; passed to the commands of its menu. */
export type Node =
  | { readonly kind: 'session'; readonly sessionId: SessionId }
  | { readonly kind: 'process'; readonly sessionId: SessionId; readonly processId: ProcessId }
  | { readonly kind: 'channel'; readonly sessionId: SessionId; readonly channelId: ChannelId }
  | {
      readonly kind: 'endpoint';
      readonly sessionId: SessionId;
      readonly channelId: ChannelId;
      /** Its place among the channel's holders. */
      readonly index: number;
    }
  | { readonly kind: 'pool'; readonly sessionId: SessionId; readonly poolId: PoolId }
  | {
      readonly kind: 'worker';
      readonly sessionId: SessionId;
      readonly poolId: PoolId;
      /** `WorkerState.id`. */
      readonly workerId: string;
    };
export type SessionNode = Extract<Node, { kind: 'session' }>;
export type ProcessNode = Extract<Node, { kind: 'process' }>;
export type ChannelNode = Extract<Node, { kind: 'channel' }>;
export type PoolNode = Extract<Node, { kind: 'pool' }>;
export type WorkerNode = Extract<Node, { kind: 'worker' }>;

/** One finding of a session. */
export interface FindingTarget {
  readonly sessionId: SessionId;
  readonly findingId: string;
}

/** A row of the panel's list of messages. */
export type MessageNode = ChannelNode & { readonly messageId: number };
/** Such a row while the process that received the message is paused with it. */
type HeldMessageNode = MessageNode & { readonly processId: ProcessId };
/** What can act on the message of a paused process. */
export type StopNode = ProcessNode | HeldMessageNode;

/** Commands and the arguments they take; every argument may be missing when one is chosen from the palette. */
interface CommandArguments {
  'forkscope.runFile': [file?: vscode.Uri];
  'forkscope.openPanel': [node?: Node];
  'forkscope.stop': [node?: SessionNode];
  'forkscope.restart': [node?: SessionNode];
  'forkscope.close': [node?: SessionNode];
  'forkscope.closeEnded': [];
  'forkscope.saveRecording': [node?: SessionNode];
  'forkscope.openRecording': [file?: vscode.Uri];
  'forkscope.goToStartLine': [node?: ProcessNode];
  'forkscope.goToWaitLine': [node?: ProcessNode];
  'forkscope.showWaits': [node?: ProcessNode];
  'forkscope.showFinding': [target?: FindingTarget];
  'forkscope.muteFinding': [about?: FindingCode | Node];
  'forkscope.explainFinding': [about?: FindingCode | Node];
  'forkscope.goToCreationLine': [node?: ChannelNode | PoolNode];
  'forkscope.showPool': [node?: PoolNode | WorkerNode];
  'forkscope.interruptProcess': [node?: ProcessNode];
  'forkscope.terminateProcess': [node?: ProcessNode];
  'forkscope.killProcess': [node?: ProcessNode];
  'forkscope.copyPid': [node?: ProcessNode];
  'forkscope.continueAll': [];
  'forkscope.freezeOthers': [];
  'forkscope.editMessage': [node?: StopNode];
  'forkscope.dropMessage': [node?: StopNode];
  'forkscope.sendTwice': [node?: StopNode];
  'forkscope.delayMessage': [node?: StopNode];
  'forkscope.breakOnChannel': [node?: ChannelNode | ProcessNode];
  'forkscope.breakOnLike': [node?: MessageNode | ProcessNode];
  'forkscope.openSamples': [];
  'forkscope.selectInterpreter': [];
  'forkscope.showLog': [];
  'forkscope.collectLogs': [];
  'forkscope.restartServer': [];
}
export type CommandId = keyof CommandArguments;

/** In the order of package.json; complete, as the type demands. */
export const COMMANDS: Readonly<Record<CommandId, true>> = {
  'forkscope.runFile': true,
  'forkscope.openPanel': true,
  'forkscope.stop': true,
  'forkscope.restart': true,
  'forkscope.close': true,
  'forkscope.closeEnded': true,
  'forkscope.saveRecording': true,
  'forkscope.openRecording': true,
  'forkscope.goToStartLine': true,
  'forkscope.goToWaitLine': true,
  'forkscope.showWaits': true,
  'forkscope.showFinding': true,
  'forkscope.muteFinding': true,
  'forkscope.explainFinding': true,
  'forkscope.goToCreationLine': true,
  'forkscope.showPool': true,
  'forkscope.interruptProcess': true,
  'forkscope.terminateProcess': true,
  'forkscope.killProcess': true,
  'forkscope.copyPid': true,
  'forkscope.continueAll': true,
  'forkscope.freezeOthers': true,
  'forkscope.editMessage': true,
  'forkscope.dropMessage': true,
  'forkscope.sendTwice': true,
  'forkscope.delayMessage': true,
  'forkscope.breakOnChannel': true,
  'forkscope.breakOnLike': true,
  'forkscope.openSamples': true,
  'forkscope.selectInterpreter': true,
  'forkscope.showLog': true,
  'forkscope.collectLogs': true,
  'forkscope.restartServer': true,
};

/** What a click on a row runs. Without arguments: the editor forgets those of a row as soon as the row changes. */
export const CLICKS = {
  process: 'forkscope.internal.processClicked',
  channel: 'forkscope.internal.channelClicked',
  pool: 'forkscope.internal.poolClicked',
} as const;

/** What lenses, hints and links in hovers run; its argument is a `FocusParams`. */
export const SHOW = 'forkscope.internal.show';

export function registerShow(run: (focus: FocusParams) => unknown): vscode.Disposable {
  return vscode.commands.registerCommand(SHOW, run);
}

export function registerClick(view: keyof typeof CLICKS, run: () => unknown): vscode.Disposable {
  return vscode.commands.registerCommand(CLICKS[view], run);
}

export function registerCommand<C extends CommandId>(
  id: C,
  run: (...args: CommandArguments[C]) => unknown,
): vscode.Disposable {
  return vscode.commands.registerCommand(id, (...args: unknown[]) => run(...(args as CommandArguments[C])));
}

export function executeCommand<C extends CommandId>(id: C, ...args: CommandArguments[C]): Thenable<unknown> {
  return vscode.commands.executeCommand(id, ...args);
}

/** Keys of `when` clauses, and what they hold. */
interface ContextValues {
  'forkscope.hasSessions': boolean;
  'forkscope.hasRunning': boolean;
  'forkscope.hasEnded': boolean;
  'forkscope.hasPools': boolean;
  'forkscope.pythonFileOpen': boolean;
  'forkscope.serverFailed': boolean;
}
export const CONTEXTS: Readonly<Record<keyof ContextValues, true>> = {
  'forkscope.hasSessions': true,
  'forkscope.hasRunning': true,
  'forkscope.hasEnded': true,
  'forkscope.hasPools': true,
  'forkscope.pythonFileOpen': true,
  'forkscope.serverFailed': true,
};

const known = new Map<string, unknown>();
/** Tells the editor only what is new to it. */
export function setContext<K extends keyof ContextValues>(key: K, value: ContextValues[K]): void {
  if (known.get(key) !== value) {
    known.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  }
}

export const SETTINGS_SECTION = 'forkscope';
/** Settings and their defaults, as package.json declares them. */
export const SETTING_DEFAULTS = {
  python: '',
  console: 'integratedTerminal' as 'integratedTerminal' | 'externalTerminal' | 'internalConsole',
  openPanelOnRun: true,
  payloadBytes: 256,
  'recording.sizeLimitPerProcessMB': 256,
  native: 'off' as 'auto' | 'off',
  showHelperProcesses: false,
  showInternalChannels: false,
  'findings.notify': 'errors' as 'errors' | 'all' | 'off',
  'findings.muted': [] as FindingCode[],
  'checks.enabled': true,
  'codeLens.enabled': true,
  'inlayHints.enabled': true,
  'hover.enabled': true,
  trace: 'off' as TraceLevel,
};
export type Settings = typeof SETTING_DEFAULTS;

/** Renamed settings with their old names. package.json declares both; the old ones as deprecated. */
export const OLD_SETTING_NAMES: { readonly [K in keyof Settings]?: string } = {
  'recording.sizeLimitPerProcessMB': 'journalLimitMB',
  showInternalChannels: 'showLibraryChannels',
};

/** The value in force: the narrowest scope wins, and in one scope the new name of a renamed setting. */
export function setting<K extends keyof Settings>(name: K, scope?: vscode.ConfigurationScope): Settings[K] {
  const configuration = vscode.workspace.getConfiguration(SETTINGS_SECTION, scope);
  const oldName = OLD_SETTING_NAMES[name];
  const renamed = oldName === undefined ? undefined : narrowest<Settings[K]>(configuration, [name, oldName]);
  return renamed ?? configuration.get(name, SETTING_DEFAULTS[name]);
}

/** The first of `names` that the narrowest scope sets; undefined where no scope sets any of them. */
function narrowest<T>(configuration: vscode.WorkspaceConfiguration, names: readonly string[]): T | undefined {
  const values = names.map((name) => configuration.inspect<T>(name));
  for (const scope of ['workspaceFolderValue', 'workspaceValue', 'globalValue'] as const) {
    const found = values.find((each) => each?.[scope] !== undefined);
    if (found !== undefined) {
      return found[scope];
    }
  }
  return undefined;
}

export function onDidChangeSetting(name: keyof Settings, listener: () => void): vscode.Disposable {
  const names = [name, OLD_SETTING_NAMES[name]].flatMap((each) => each ?? []);
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (names.some((each) => event.affectsConfiguration(`${SETTINGS_SECTION}.${each}`))) {
      listener();
    }
  });
}
