import type { Position, Range } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { TextSpan } from '../../protocol/source';

/** What stands in a line, without the blanks around it. @param line from 0 */
export function lineRange(text: TextDocument, line: number): Range {
  const content = lineText(text, line);
  const start = content.length - content.trimStart().length;
  return { start: { line, character: start }, end: { line, character: Math.max(start, content.trimEnd().length) } };
}

export function lineText(text: TextDocument, line: number): string {
  return text.getText({ start: { line, character: 0 }, end: { line: line + 1, character: 0 } }).replace(/\r?\n$/, '');
}

export function spanRange(text: TextDocument, { start, end }: TextSpan): Range {
  return { start: text.positionAt(start), end: text.positionAt(end) };
}

export function overlaps(a: Range, b: Range): boolean {
  return !before(a.end, b.start) && !before(b.end, a.start);
}

function before(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}
