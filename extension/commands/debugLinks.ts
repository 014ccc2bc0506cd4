/** Which debug session started which Forkscope session, so that one can be stopped and restarted through the other. */
import * as vscode from 'vscode';
import type { SessionId } from '../../server/protocol/views';
import { onDidLinkSession } from '../debug';

interface Link {
  readonly debugSession: vscode.DebugSession;
  alive: boolean;
}

export class DebugLinks implements vscode.Disposable {
  private readonly links = new Map<SessionId, Link>();
  private readonly linked = new vscode.EventEmitter<SessionId>();
  private readonly disposables: vscode.Disposable[];

  /** A program was started under Forkscope in this window. */
  readonly onDidStart = this.linked.event;

  constructor() {
    this.disposables = [
      this.linked,
      onDidLinkSession(({ debugSession, sessionId }) => {
        // A restarted debug session watches a new Forkscope session; the old one has ended.
        this.end(debugSession);
        this.links.set(sessionId, { debugSession, alive: true });
        this.linked.fire(sessionId);
      }),
      vscode.debug.onDidTerminateDebugSession((debugSession) => this.end(debugSession)),
    ];
  }

  /** The debug session that runs it now. */
  running(id: SessionId): vscode.DebugSession | undefined {
    const link = this.links.get(id);
    return link?.alive === true ? link.debugSession : undefined;
  }

  /** The debug session that once ran it: its configuration starts it again. */
  origin(id: SessionId): vscode.DebugSession | undefined {
    return this.links.get(id)?.debugSession;
  }

  forget(id: SessionId): void {
    this.links.delete(id);
  }

  dispose(): void {
    for (const disposable of this.disposables) {
      disposable.dispose();
    }
  }

  private end(debugSession: vscode.DebugSession): void {
    for (const link of this.links.values()) {
      if (link.debugSession.id === debugSession.id) {
        link.alive = false;
      }
    }
  }
}
