/** Where lines of a text are after it was edited. Lines and characters count from 0. */
import type { Range } from 'vscode-languageserver/node';

/** One edit, as far as lines go. */
interface Shift {
  readonly startLine: number;
  readonly endLine: number;
  /** Line breaks of what stands there instead. */
  readonly breaks: number;
  /** All of the first line's text comes after the edit's start: only its indentation stands before. */
  readonly fromStart: boolean;
}

/** Remembers edits; `mark` is a moment between them. */
export class LineTracker {
  private readonly shifts: Shift[] = [];

  get mark(): number {
    return this.shifts.length;
  }

  /** @param firstLine the text of the line that the range starts in, before the edit */
  edit({ start, end }: Range, inserted: string, firstLine: string): void {
    const breaks = inserted.split('\n').length - 1;
    if (breaks === 0 && start.line === end.line) return;
    const fromStart = firstLine.slice(0, start.character).trim() === '';
    this.shifts.push({ startLine: start.line, endLine: end.line, breaks, fromStart });
  }

  /** Where a line of that moment is now; null when it was deleted. */
  now(line: number, mark: number): number | null {
    let at = line;
    for (let index = mark; index < this.shifts.length; index++) {
      const { startLine, endLine, breaks, fromStart } = this.shifts[index] as Shift;
      if (at < startLine || (at === startLine && !fromStart)) continue;
      // What stood after the edit's end now stands in the last of the new lines.
      if (at >= endLine) at += startLine + breaks - endLine;
      else return null;
    }
    return at;
  }

  /** The edits since that moment are undone all at once. */
  backTo(mark: number): void {
    this.shifts.length = Math.min(mark, this.shifts.length);
  }
}

/** The smallest replacement that makes one text of another. */
export function difference(before: string, after: string): { start: number; end: number; text: string } {
  const limit = Math.min(before.length, after.length);
  let start = 0;
  while (start < limit && before[start] === after[start]) start++;
  let tail = 0;
  while (tail < limit - start && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  return { start, end: before.length - tail, text: after.slice(start, after.length - tail) };
}
