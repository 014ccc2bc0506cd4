/** `# forkscope: ignore` and `# forkscope: ignore[code, code]`: on the line of the finding, or alone on the line above. */
import type { SourceFinding } from '../protocol/source';
import { lineStart } from './edits';
import type { SyntaxNode } from './syntax';

const COMMENT = /#\s*forkscope:\s*ignore(?:\[([\w\s,-]*)\])?/;

/** A test of findings: true for those that a comment silences. */
export function muted(text: string, comments: readonly SyntaxNode[]): (finding: SourceFinding) => boolean {
  const codesAt = new Map<number, ReadonlySet<string> | null>();
  for (const each of comments) {
    const found = COMMENT.exec(each.text);
    if (found === null) continue;
    const codes = found[1] === undefined ? null : new Set(found[1].split(',').map((code) => code.trim()));
    const line = lineStart(text, each.start);
    codesAt.set(line, codes);
    // Alone on its line it speaks of the next one.
    const next = text.indexOf('\n', each.end);
    if (next >= 0 && text.slice(line, each.start).trim() === '') codesAt.set(next + 1, codes);
  }
  return ({ start, code }) => {
    const codes = codesAt.get(lineStart(text, start));
    return codes !== undefined && (codes === null || codes.has(code));
  };
}
