/** Edits of Python text that preserve its layout. */
import type { TextEdit } from '../../protocol/source';
import type { Module } from './module';
import type { SyntaxNode } from './syntax';

/** Start of the line that contains an offset. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

export function indentOf(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset)))?.[0] ?? '';
}

/** The file's unit of indentation. */
function unitOf(text: string): string {
  return /^(\t| {2,8})\S/m.exec(text)?.[1] ?? '    ';
}

function newlineOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/** The statement shares its lines with no other: no `a; b`, no `if x: a`. */
export function aloneOnLines(text: string, node: SyntaxNode): boolean {
  const before = text.slice(lineStart(text, node.start), node.start);
  const after = /^[^\r\n]*/.exec(text.slice(node.end))?.[0] ?? '';
  return /^[ \t]*$/.test(before) && /^[ \t]*(#.*)?$/.test(after);
}

export function insertLineBefore(text: string, node: SyntaxNode, line: string): TextEdit {
  const at = lineStart(text, node.start);
  return { start: at, end: at, text: `${indentOf(text, node.start)}${line}${newlineOf(text)}` };
}

export function insertLinesAfter(text: string, node: SyntaxNode, lines: readonly string[]): TextEdit {
  const stop = text.indexOf('\n', node.end);
  const indent = indentOf(text, node.start);
  const body = lines.map((each) => indent + each).join(newlineOf(text));
  if (stop < 0) return { start: text.length, end: text.length, text: newlineOf(text) + body };
  return { start: stop + 1, end: stop + 1, text: body + newlineOf(text) };
}

/** Indents the lines from one statement to another, without changing the inside of strings. */
export function indentLines(module: Module, first: SyntaxNode, last: SyntaxNode): TextEdit[] {
  const { text, root } = module;
  const strings = [...root.walk()].filter((each) => each.type === 'string' && each.text.includes('\n'));
  const unit = unitOf(text);
  const edits: TextEdit[] = [];
  for (let at = lineStart(text, first.start); at < last.end; ) {
    const blank = /^[ \t]*(\r?\n|$)/.test(text.slice(at, at + 200));
    if (!blank && !strings.some((each) => each.start < at && at < each.end))
      edits.push({ start: at, end: at, text: unit });
    const next = text.indexOf('\n', at);
    if (next < 0) break;
    at = next + 1;
  }
  return edits;
}
