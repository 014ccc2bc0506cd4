import assert from 'node:assert/strict';
import * as vscode from 'vscode';

interface SessionReply {
  readonly sessionId: string;
}

/** Starts a sample as a debug session; resolves with its exit code when it has ended. */
async function run(
  sample: string,
  more: Record<string, unknown> = {},
): Promise<{ exitCode: number | null; output: string; threads: Set<string> }> {
  const folder = vscode.workspace.workspaceFolders?.[0] as vscode.WorkspaceFolder;
  let exitCode: number | null = null;
  let output = '';
  const threads = new Set<string>();
  const tracker = vscode.debug.registerDebugAdapterTrackerFactory('forkscope', {
    createDebugAdapterTracker: () => ({
      onDidSendMessage(message: { type: string; event?: string; command?: string; body?: Record<string, unknown> }) {
        if (message.event === 'exited') exitCode = message.body?.['exitCode'] as number;
        if (message.event === 'output') output += String(message.body?.['output']);
        if (message.command === 'threads')
          for (const each of (message.body?.['threads'] ?? []) as { name: string }[]) threads.add(each.name);
      },
    }),
  });
  try {
    const ended = new Promise<void>((resolve) => {
      const listening = vscode.debug.onDidTerminateDebugSession((session) => {
        if (session.type !== 'forkscope') return;
        listening.dispose();
        resolve();
      });
    });
    const started = await vscode.debug.startDebugging(folder, {
      type: 'forkscope',
      request: 'launch',
      name: sample,
      program: vscode.Uri.joinPath(folder.uri, sample).fsPath,
      console: 'internalConsole',
      lineDebugging: 'off',
      ...more,
    });
    assert.ok(started, `${sample} started`);
    const reply = (await vscode.debug.activeDebugSession?.customRequest('forkscope/session')) as
      | SessionReply
      | undefined;
    assert.match(reply?.sessionId ?? 'ended already', /./);
    await vscode.debug.activeDebugSession?.customRequest('threads').then(undefined, () => {});
    await ended;
    return { exitCode, output, threads };
  } finally {
    tracker.dispose();
  }
}

describe('samples in the debug console', () => {
  it('pool.py runs to its end with its own output and exit code', async () => {
    const { exitCode, output } = await run('pool.py');
    assert.equal(exitCode, 0);
    assert.match(output, /squares: \[0, 1, 4, 9, 16/);
    assert.match(output, /one task failed: 13 is refused on purpose/);
  });

  it('queue.py raises Full and Empty as without Forkscope', async () => {
    const { exitCode, output } = await run('queue.py');
    assert.equal(exitCode, 0);
    assert.match(output, /tasks is full/);
    assert.match(output, /nothing yet/);
    assert.match(output, /result 11 TASK NUMBER 11/);
  });

  it('a missing program is rejected with a sentence', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0] as vscode.WorkspaceFolder;
    const started = await Promise.resolve(
      vscode.debug.startDebugging(folder, {
        type: 'forkscope',
        request: 'launch',
        name: 'nothing',
        program: '/nowhere/at/all.py',
        console: 'internalConsole',
      }),
    ).catch(() => false);
    assert.equal(started, false);
    await vscode.commands.executeCommand('workbench.action.closeMessages').then(undefined, () => {});
  });
});
