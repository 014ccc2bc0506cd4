/** Findings of the sessions, at the lines where they are now. */
import { mutes, mutesNext } from '../../core/findings/mute';
import type { Finding, FindingLine } from '../../protocol/views';
import { lineText } from './ranges';
import type { KnownSession, KnownSessions, Place } from './sessions';

export interface LiveFinding {
  readonly session: KnownSession;
  readonly finding: Finding;
  /** Where it is shown. */
  readonly place: Place;
  /** All its lines in order, with where they are now. */
  readonly lines: readonly { readonly shown: FindingLine; readonly place: Place | null }[];
}

/** Those whose lines can be shown. What a later run found at the same line too is told once. */
export function liveFindings(sessions: KnownSessions, muted: readonly string[]): LiveFinding[] {
  const found: LiveFinding[] = [];
  const seen = new Set<string>();
  for (const session of sessions.all) {
    const here: string[] = [];
    for (const finding of session.view.findings) {
      if (muted.includes(finding.code)) continue;
      const lines = finding.lines.map((shown) => ({ shown, place: session.place(shown.line) }));
      const place = lines.find((each) => each.place !== null)?.place ?? null;
      if (place === null || lines.some((each) => isMuted(each.place, finding.code))) continue;
      const key = `${finding.code} ${place.line} ${place.file.key}`;
      if (seen.has(key)) continue;
      here.push(key);
      found.push({ session, finding, place, lines });
    }
    // One session may well have two of them at one line.
    for (const key of here) seen.add(key);
  }
  return found;
}

/** By a comment in the text as it is in the editor; the engine reads what is on disk. */
function isMuted(place: Place | null, code: string): boolean {
  if (place === null) return false;
  const { file, line } = place;
  return mutes(lineText(file.text, line), code) || (line > 0 && mutesNext(lineText(file.text, line - 1), code));
}
