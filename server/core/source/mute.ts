/** `# forkscope: ignore` and `# forkscope: ignore[code, code]`: on the line of the finding, or alone on the line above. */
import { mutedBy, type SourceFinding } from '../../protocol/source';
import { lineStart } from './edits';
import type { SyntaxNode } from './syntax';

/** Returns a predicate: true for findings muted by a comment. */
export function muted(text: string, comments: readonly SyntaxNode[]): (finding: SourceFinding) => boolean {
  const codesAt = new Map<number, ReadonlySet<string> | 'all'>();
  for (const each of comments) {
    const codes = mutedBy(each.text);
    if (codes === null) continue;
    const line = lineStart(text, each.start);
    codesAt.set(line, codes);
    // Alone on its line, it applies to the next one.
    const next = text.indexOf('\n', each.end);
    if (next >= 0 && text.slice(line, each.start).trim() === '') codesAt.set(next + 1, codes);
  }
  return ({ start, code }) => {
    const codes = codesAt.get(lineStart(text, start));
    return codes !== undefined && (codes === 'all' || codes.has(code));
  };
}
