/** The debug adapter's own requests and events (server/protocol/dap.ts), as the extension uses them. */
import * as vscode from 'vscode';
import {
  type DapArguments,
  type DapBody,
  type DapEventName,
  type DapEvents,
  type DapRequestName,
  dapName,
} from '../../server/protocol/dap';
import { DEBUG_TYPE } from './configuration';

/** Rejects with the adapter's message, or if the debug session has ended. */
export async function askAdapter<N extends DapRequestName>(
  session: vscode.DebugSession,
  name: N,
  args: DapArguments<N>,
): Promise<DapBody<N>> {
  return (await session.customRequest(dapName(name), args)) as DapBody<N>;
}

/** Subscribes to an event of every Forkscope debug session. */
export function onAdapterEvent<N extends DapEventName>(
  name: N,
  listener: (body: DapEvents[N], session: vscode.DebugSession) => unknown,
): vscode.Disposable {
  return vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) =>
    session.type === DEBUG_TYPE && event === dapName(name) ? listener(body as DapEvents[N], session) : undefined,
  );
}
