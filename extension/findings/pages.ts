/** The pages that explain the findings: they come with the extension, and are on the web. */
import * as vscode from 'vscode';
import { findingPage } from '../../server/protocol/source';
import type { FindingCode } from '../../server/protocol/views';

/** Opens the page of a code beside the code, rendered; where the editor cannot show it, in the browser. */
export async function openPage(extension: vscode.Uri, code: FindingCode): Promise<void> {
  const page = vscode.Uri.joinPath(extension, 'docs', 'findings', `${code}.md`);
  try {
    await vscode.workspace.fs.stat(page);
    await vscode.commands.executeCommand('markdown.showPreview', page);
  } catch {
    await vscode.env.openExternal(vscode.Uri.parse(findingPage(code)));
  }
}
