/** Opens lines of the user's code. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { SourceLine } from '../../server/protocol/views';

/** Opens the line beside the active editor. Shows a message if the file is missing. `cwd` is what a relative name is relative to. */
export async function openLine(line: SourceLine, cwd?: string): Promise<void> {
  const file = path.resolve(cwd ?? '', line.file);
  try {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file));
    const at = new vscode.Position(Math.max(0, Math.min(line.line, document.lineCount) - 1), 0);
    await vscode.window.showTextDocument(document, {
      selection: new vscode.Range(at, at),
      viewColumn: columnFor(document),
    });
  } catch {
    void vscode.window.showWarningMessage(
      vscode.l10n.t("Can't open {0}: it was moved, or it is on another machine.", line.file),
    );
  }
}

/** Where the file is open already, else where text is edited, so that the panel is not covered. */
function columnFor(document: vscode.TextDocument): vscode.ViewColumn {
  const open = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
  const text = open ?? vscode.window.activeTextEditor ?? vscode.window.visibleTextEditors[0];
  return text?.viewColumn ?? vscode.ViewColumn.One;
}
