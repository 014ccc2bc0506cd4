/** The comment that mutes a finding at a line: where it may stand, and what it says. */
import type { Node, Parser } from 'web-tree-sitter';
import { mutedBy, type TextEdit } from '../../protocol/source';
import type { FindingCode } from '../../protocol/views';
import { indentOf, lineStart } from './edits';

/**
 * The edit that mutes a finding at a line. null where no comment is possible, or where one already mutes it. @param at
 * an offset in the line
 */
export function insertMuteComment(parser: Parser, text: string, at: number, code: FindingCode): TextEdit | null {
  const tree = parser.parse(text);
  if (tree === null) return null;
  try {
    const start = lineStart(text, at);
    const end = start + (/^[^\r\n]*/.exec(text.slice(start))?.[0].length ?? 0);
    const line = text.slice(start, end);
    const own = line.search(/#\s*forkscope:\s*ignore\b/);
    if (own >= 0 && nodeAt(tree.rootNode, start + own)?.type === 'comment') {
      const codes = mutedBy(line.slice(own));
      const close = start + line.indexOf(']', own);
      if (codes === null || codes === 'all' || codes.has(code) || close < start) return null;
      return { start: close, end: close, text: codes.size === 1 && codes.has('') ? code : `, ${code}` };
    }
    const comment = `# forkscope: ignore[${code}]`;
    const trimmed = start + line.trimEnd().length;
    if (!isInString(tree.rootNode, end) && !line.endsWith('\\')) {
      return { start: trimmed, end: trimmed, text: `  ${comment}` };
    }
    // The line goes on in the next one: the comment has to stand above it.
    const before = text.slice(0, Math.max(0, start - 1)).replace(/\r$/, '');
    if (isInString(tree.rootNode, start) || before.endsWith('\\')) return null;
    const newline = text.includes('\r\n') ? '\r\n' : '\n';
    return { start, end: start, text: `${indentOf(text, start)}${comment}${newline}` };
  } finally {
    tree.delete();
  }
}

function nodeAt(root: Node, offset: number): Node | null {
  return root.descendantForIndex(offset, offset + 1);
}

/** Text that is put there becomes part of a string. */
function isInString(root: Node, offset: number): boolean {
  for (let node: Node | null = root.descendantForIndex(offset); node !== null; node = node.parent) {
    if (node.type === 'string' && node.startIndex < offset && offset < node.endIndex) return true;
  }
  return false;
}
