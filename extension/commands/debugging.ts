/** Commands of a Forkscope debug session: resuming, freezing, and acting on the message at which a process is paused. */
import * as vscode from 'vscode';
import type { DapArguments, DapBody, DapRequestName } from '../../server/protocol/dap';
import type { PayloadNode } from '../../server/protocol/views';
import { DEBUG_TYPE } from '../debug';
import { askAdapter } from '../debug/requests';
import { type ChannelNode, type MessageNode, type ProcessNode, registerCommand, type StopNode } from '../ids';
import { likeThis } from './likeThis';
import { pickChannel } from './pick';
import type { Services } from './services';

export function registerDebuggingCommands(services: Services): vscode.Disposable[] {
  return [
    registerCommand('forkscope.continueAll', async () => {
      const session = chosenSession();
      if (session !== undefined) await request(session, 'continueAll', undefined);
    }),
    registerCommand('forkscope.freezeOthers', async () => {
      const chosen = chosenThread();
      const answer = chosen && (await request(chosen.session, 'freezeOthers', { threadId: chosen.threadId }));
      if (answer === undefined) {
        return;
      }
      const said = answer.held
        ? vscode.l10n.t('Every other process will pause at its next operation.')
        : vscode.l10n.t('The other processes keep running.');
      vscode.window.setStatusBarMessage(`$(lock) ${said}`, 4000);
    }),
    registerCommand('forkscope.editMessage', async (given) => {
      // The panel may take the focus back when its menu closes, and looking at the source must not cancel the input.
      const value = await vscode.window.showInputBox({
        title: vscode.l10n.t('Edit the Message'),
        ignoreFocusOut: true,
        prompt: vscode.l10n.t('A Python expression with the names of the line, and "message"'),
        value: stopOf(services, given)?.message ?? 'message',
      });
      if (value !== undefined) {
        await intend(services, given, { value }, vscode.l10n.t('Message edited.'));
      }
    }),
    registerCommand('forkscope.dropMessage', (given) =>
      intend(services, given, { drop: true }, vscode.l10n.t('The message will be dropped.')),
    ),
    registerCommand('forkscope.sendTwice', (given) =>
      intend(services, given, { twice: true }, vscode.l10n.t('The message will be sent twice.')),
    ),
    registerCommand('forkscope.breakOnLike', async (given) => {
      const meta = channelOf(services, given);
      if (given === undefined || meta === undefined) {
        void vscode.window.showInformationMessage(
          vscode.l10n.t('Choose a message in the panel: this is in the menu of its row.'),
        );
        return;
      }
      const tree = await payloadOf(services, given);
      const condition = await vscode.window.showInputBox({
        title: vscode.l10n.t('Break on Similar Messages'),
        ignoreFocusOut: true,
        prompt: vscode.l10n.t('A Python expression of "message"; processes stop where it is true'),
        value: tree === null ? '' : likeThis(tree),
      });
      if (condition) {
        addFunctionBreakpoints(namesOf(meta.name), condition);
      }
    }),
    registerCommand('forkscope.delayMessage', async (given) => {
      const seconds = await vscode.window.showInputBox({
        title: vscode.l10n.t('Delay the Message'),
        ignoreFocusOut: true,
        prompt: vscode.l10n.t('Seconds that the process waits before this operation'),
        value: '1',
        validateInput: (text) =>
          Number(text) >= 0 && Number(text) <= 3600 && text.trim() !== ''
            ? undefined
            : vscode.l10n.t('Write a number of seconds, at most 3600.'),
      });
      if (seconds !== undefined) {
        await intend(services, given, { delay: Number(seconds) }, vscode.l10n.t('The message will be delayed.'));
      }
    }),
    registerCommand('forkscope.breakOnChannel', async (given) => {
      const meta =
        channelOf(services, given) ??
        channelOf(services, await pickChannel(services, given, vscode.l10n.t('Break on This Channel')));
      if (meta !== undefined) {
        addFunctionBreakpoints(namesOf(meta.name));
      }
    }),
  ];
}

/** A pipe's two ends have a name each: "left ⇄ right". */
function namesOf(channel: string): string[] {
  return channel.split(/ [⇄→] /);
}

/** Function breakpoints that are not there yet; shows the Breakpoints view's list. @param condition Python, of `message` */
function addFunctionBreakpoints(names: readonly string[], condition?: string): void {
  const known = vscode.debug.breakpoints.filter((each) => each instanceof vscode.FunctionBreakpoint);
  const fresh = names.filter(
    (name) => !known.some((each) => each.functionName === name && each.condition === condition),
  );
  vscode.debug.addBreakpoints(fresh.map((name) => new vscode.FunctionBreakpoint(name, true, condition)));
  vscode.window.setStatusBarMessage(
    vscode.l10n.t('Processes stop at {0}: see the Breakpoints view.', names.join(', ')),
    4000,
  );
}

/** The focused Forkscope debug session; undefined if there is none, after showing a message. */
function chosenSession(): vscode.DebugSession | undefined {
  const session = vscode.debug.activeDebugSession;
  if (session?.type === DEBUG_TYPE) return session;
  tellToChoose();
  return undefined;
}

/** The thread with the debugger's focus; undefined if there is none, after showing a message. */
function chosenThread(): { readonly session: vscode.DebugSession; readonly threadId: number } | undefined {
  const session = chosenSession();
  const item = vscode.debug.activeStackItem;
  if (session === undefined) return undefined;
  if (item !== undefined) return { session, threadId: item.threadId };
  tellToChoose();
  return undefined;
}

function tellToChoose(): void {
  void vscode.window.showInformationMessage(
    vscode.l10n.t('Choose a process of a Forkscope session in the Call Stack view first.'),
  );
}

/** Sends a request to the adapter. `undefined` if it refused, after showing the reason. */
async function request<N extends DapRequestName>(session: vscode.DebugSession, name: N, args: DapArguments<N>) {
  try {
    return (await askAdapter(session, name, args)) ?? ({} as NonNullable<DapBody<N>>);
  } catch (error) {
    void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

/** The pause of the process of a view's row. */
function stopOf({ store }: Services, node: StopNode | undefined) {
  return node && store.session(node.sessionId)?.processStatus.get(node.processId)?.stop;
}

/** The channel of a row: its own, or the one at which its process is paused. */
function channelOf(services: Services, node: ChannelNode | ProcessNode | undefined) {
  if (node === undefined) return undefined;
  const id = node.kind === 'channel' ? node.channelId : stopOf(services, node)?.channelId;
  return id == null ? undefined : services.store.session(node.sessionId)?.channels.get(id);
}

/** The payload of a message: of a row of the list, or of the message at which a process is paused. */
async function payloadOf({ client, links }: Services, node: MessageNode | ProcessNode): Promise<PayloadNode | null> {
  if (node.kind === 'channel')
    return (await client.request('message', { sessionId: node.sessionId, messageId: node.messageId }))?.tree ?? null;
  const session = links.running(node.sessionId);
  const answer = session && (await request(session, 'payload', { processId: node.processId }));
  return answer?.tree ?? null;
}

/** What is to happen to the message at which a process is paused. */
type Intent = Omit<DapArguments<'message'>, 'threadId' | 'processId'>;

/** What happens to the message when its process resumes. Without a row: the message of the process that has the debugger's focus. */
async function intend({ links }: Services, node: StopNode | undefined, how: Intent, said: string): Promise<void> {
  // The Variables view gives its own object.
  const session = node !== undefined && 'processId' in node ? links.running(node.sessionId) : undefined;
  const target = session !== undefined && node !== undefined ? { session, processId: node.processId } : chosenThread();
  if (target === undefined) return;
  const { session: asked, ...who } = target;
  if ((await request(asked, 'message', { ...who, ...how })) !== undefined) {
    vscode.window.setStatusBarMessage(`$(edit) ${said}`, 4000);
  }
}
