/**
 * The messages between the extension and the webview panel (vscode-messenger). Each says its direction and its purpose.
 * The panel never talks to the server itself: the extension relays.
 */
import type { NotificationType, RequestType } from 'vscode-messenger-common';
import type { ParamsOf, RelayedName, ResultOf } from './requests';
import type { UpdateParams } from './stream';
import type { ChannelId, FindingCode, PoolId, ProcessId, SessionId, SourceLine } from './views';

/** extension → panel: relayed updates of the server, unchanged. */
export const PanelUpdate: NotificationType<UpdateParams> = { method: 'update' };
/** The panel's pages; each is one tab (media/panel/view/tabList.ts). */
export type PanelPage = 'timeline' | 'messages' | 'pools' | 'waits' | 'findings';
/** extension → panel: show this session, channel or process (a click in the tree). */
export interface FocusParams {
  readonly sessionId: SessionId;
  readonly channelId?: ChannelId;
  readonly processId?: ProcessId;
  /** Of the findings' page: the one to show first. */
  readonly findingId?: string;
  /** Of the pools' page: the pool, and the worker (`WorkerState.id`), whose tasks to show. */
  readonly poolId?: PoolId;
  readonly workerId?: string;
  /** Which page; absent: that of what is asked for, or the one in sight. */
  readonly page?: PanelPage;
  /** Only mark the process, where it is in sight. */
  readonly mark?: boolean;
}
export const PanelFocus: NotificationType<FocusParams> = { method: 'focus' };
/** panel → extension: I am ready (again); answer with everything. Strings are the localised texts by English text. */
export interface HelloResult {
  readonly update: UpdateParams;
  readonly strings: Readonly<Record<string, string>>;
  readonly locale: string;
  readonly focus?: FocusParams;
}
export const PanelHello: RequestType<void, HelloResult> = { method: 'hello' };
/** panel → extension → server: a request of requests.ts that is relayed, under its own name. */
export function panelRequest<N extends RelayedName>(name: N): RequestType<ParamsOf<N>, ResultOf<N>> {
  return { method: name };
}
/** panel → extension: select this process in the tree of processes. */
export const PanelReveal: NotificationType<{ sessionId: SessionId; processId: ProcessId }> = { method: 'reveal' };
/** panel → extension: open the page that explains this code of findings, or show its findings no more. */
export const PanelFinding: NotificationType<{ code: FindingCode; action: 'explain' | 'mute' }> = { method: 'finding' };
/** What can be done to a message that a process is stopped at. */
export type PanelAct = 'edit' | 'drop' | 'twice' | 'delay';
/** panel → extension: do this to the message that the process is stopped at. */
export const PanelActOn: NotificationType<{ act: PanelAct; sessionId: SessionId; processId: ProcessId }> = {
  method: 'actOn',
};
/** panel → extension: open this line in the editor. */
export const PanelOpenLine: NotificationType<SourceLine> = { method: 'openLine' };
/** panel → extension: run one of the extension's commands (the empty state's button, stop, save, close). */
export type PanelCommand = 'runFile' | 'stop' | 'save' | 'close' | 'openSamples';
export const PanelRun: NotificationType<{ command: PanelCommand; sessionId?: SessionId }> = { method: 'run' };
