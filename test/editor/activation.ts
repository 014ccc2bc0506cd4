import assert from 'node:assert/strict';
import * as vscode from 'vscode';

const ID = 'forkscope.forkscope';

describe('the extension', () => {
  it('activates and registers every command that it contributes', async () => {
    const extension = vscode.extensions.getExtension(ID);
    assert.ok(extension, `${ID} is installed`);
    await extension.activate();
    const contributed = (extension.packageJSON.contributes.commands as { command: string }[]).map(
      (each) => each.command,
    );
    const known = await vscode.commands.getCommands(true);
    assert.ok(contributed.length > 10);
    assert.deepEqual(
      contributed.filter((each) => !known.includes(each)),
      [],
    );
  });

  it('ships its runtime, its panel and its samples', async () => {
    const root = vscode.extensions.getExtension(ID)?.extensionUri as vscode.Uri;
    for (const path of [
      'dist/server.js',
      'dist/cli.js',
      'dist/panel.js',
      'dist/panel.css',
      'dist/runtime/inject/sitecustomize.py',
      'media/samples/queue.py',
    ]) {
      await vscode.workspace.fs.stat(vscode.Uri.joinPath(root, path));
    }
  });
});
