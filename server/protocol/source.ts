/** What the checks of source text find: the same codes and severities as live findings, and places in one file. */
import { HOMEPAGE } from './version';
import type { FindingCode, Severity } from './views';

/** Offsets into the text, in UTF-16 code units; `end` is the first one after it. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
}

export interface TextEdit extends TextSpan {
  readonly text: string;
}

/** A change that removes the fault and nothing else. */
export interface SourceFix {
  readonly title: string;
  /** In any order, none overlaps another. */
  readonly edits: readonly TextEdit[];
}

export interface SourceFinding extends TextSpan {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** One specific sentence. */
  readonly message: string;
  /** What to do about it. */
  readonly advice: string;
  /** The other places that belong to it. */
  readonly related: readonly (TextSpan & { readonly caption: string })[];
  /** Only where the fix is certain. */
  readonly fix?: SourceFix;
}

/** The page that explains a finding. */
export function findingPage(code: FindingCode): string {
  return `${HOMEPAGE}/blob/main/docs/findings/${code}.md`;
}

/** `# forkscope: ignore`, `# forkscope: ignore[deadlock, zombie]` */
const MUTE = /#\s*forkscope:\s*ignore(?:\[([\w\s,-]*)\])?/;

/** The codes that a comment mutes, or 'all' of them; null when it is no such comment. */
export function mutedBy(comment: string): ReadonlySet<string> | 'all' | null {
  const found = MUTE.exec(comment);
  if (found === null) return null;
  return found[1] === undefined ? 'all' : new Set(found[1].split(',').map((each) => each.trim()));
}
