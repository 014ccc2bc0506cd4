import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';

/** What the debug console says about the log while a program started by a configuration runs. */
async function runTraced(configuration: object): Promise<string> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  let said = '';
  let over = (): void => {};
  const ended = new Promise<void>((resolve) => {
    over = resolve;
  });
  const tracker = vscode.debug.registerDebugAdapterTrackerFactory('forkscope', {
    createDebugAdapterTracker: () => ({
      onDidSendMessage: ({ event, body }: { event?: string; body?: { output?: string } }) => {
        if (event === 'output') said += body?.output ?? '';
        if (event === 'terminated') over();
      },
    }),
  });
  try {
    const program = vscode.Uri.joinPath((folder as vscode.WorkspaceFolder).uri, 'process.py').fsPath;
    const wanted = { type: 'forkscope', request: 'launch', name: 'traced', program, console: 'internalConsole' };
    assert.ok(await vscode.debug.startDebugging(folder, { ...wanted, ...configuration }));
    await ended;
  } finally {
    tracker.dispose();
  }
  return said;
}

describe('the log', () => {
  it('is off, is written if a launch requests it, and with the setting at once', async () => {
    assert.doesNotMatch(await runTraced({}), /writes a log/);
    const file = /writes a log of this session to (.+)\.\n/.exec(await runTraced({ trace: true }))?.[1] ?? '';
    assert.match(readFileSync(file, 'utf8'), /^forkscope log 1\n[\s\S]*dap \d+: .* launch /);
    // VS Code's own folder for this extension's logs: everything in it is collected.
    const logs = dirname(file);
    assert.equal(basename(logs), 'forkscope.forkscope');
    assert.ok(existsSync(logs));
    const before = readdirSync(logs);
    const settings = vscode.workspace.getConfiguration('forkscope');
    await settings.update('trace', 'verbose', vscode.ConfigurationTarget.Global);
    try {
      await runTraced({});
      const [fresh = ''] = readdirSync(logs).filter(
        (name) => !before.includes(name) && name.startsWith('language-server'),
      );
      const log = readFileSync(`${logs}/${fresh}`, 'utf8');
      assert.match(log, /log: level verbose/);
      assert.match(log, /settings: .*"trace":"verbose"/);
      assert.match(log, /notification forkscope\/update/);
      assert.match(log, /session: \S+ ended: exit code/);
    } finally {
      await settings.update('trace', undefined, vscode.ConfigurationTarget.Global);
    }
  });
});
