/** Keeps the selected paused process the same in the Call Stack, the tree and the panel. */
import * as vscode from 'vscode';
import type { ProcessId, SessionId } from '../../server/protocol/views';
import { DEBUG_TYPE } from '../debug';
import { askAdapter } from '../debug/requests';
import type { Node } from '../ids';
import type { SessionStore } from '../state/sessionStore';
import type { DebugLinks } from './debugLinks';

/** Focuses a paused process in the debugger; does nothing for other rows. */
export async function focusStopped(store: SessionStore, links: DebugLinks, node: Node | undefined): Promise<void> {
  if (node?.kind !== 'process') return;
  const status = store.session(node.sessionId)?.processStatus.get(node.processId);
  if (status?.state !== 'paused') return;
  try {
    const session = links.running(node.sessionId);
    if (session !== undefined) await askAdapter(session, 'focus', { processId: node.processId });
  } catch {
    // It resumed meanwhile.
  }
}

/** Selects in tree and panel what is chosen in the Call Stack. */
export function followCallStack(show: (sessionId: SessionId, processId: ProcessId) => void): vscode.Disposable {
  return vscode.debug.onDidChangeActiveStackItem(async (item) => {
    const session = item?.session;
    if (session?.type !== DEBUG_TYPE || item === undefined) return;
    try {
      const found = await askAdapter(session, 'process', { threadId: item.threadId });
      if (found.sessionId !== null && found.processId !== null) show(found.sessionId, found.processId);
    } catch {
      // The debug session is over.
    }
  });
}
