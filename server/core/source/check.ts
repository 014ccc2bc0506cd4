/** Checks source text: parses it if relevant, runs every check, and omits findings muted by a comment. */
import { Edit, type Parser, type Point, type Tree } from 'web-tree-sitter';
import type { SourceFinding } from '../../protocol/source';
import { WORTH_PARSING } from './api';
import { CHECKS } from './checks';
import { Module } from './module';
import { muted } from './mute';
import { readTree } from './syntax';

/** An open file. It keeps its tree, so that the next check parses only the changes. */
export class SourceFile {
  private tree: Tree | null = null;

  constructor(
    private readonly parser: Parser,
    /** Base name. */
    readonly name: string,
  ) {}

  /** Records an edit before the new text is checked: the inserted text, and the text before the edit. */
  edit(start: number, end: number, inserted: string, before: string): void {
    if (this.tree === null) return;
    const startPosition = pointAfter(before, 0, start, { row: 0, column: 0 });
    this.tree.edit(
      new Edit({
        startIndex: start,
        oldEndIndex: end,
        newEndIndex: start + inserted.length,
        startPosition,
        oldEndPosition: pointAfter(before, start, end, startPosition),
        newEndPosition: pointAfter(inserted, 0, inserted.length, startPosition),
      }),
    );
  }

  /** The text was replaced as a whole. */
  forget(): void {
    this.tree?.delete();
    this.tree = null;
  }

  /** All findings in the text, in text order. */
  check(text: string): SourceFinding[] {
    if (!WORTH_PARSING.test(text)) {
      this.forget();
      return [];
    }
    const tree = this.parser.parse(text, this.tree);
    if (tree !== this.tree) this.tree?.delete();
    this.tree = tree;
    if (tree === null) return [];
    const syntax = readTree(tree, text);
    const module = new Module(syntax, text, this.name);
    const silent = muted(text, syntax.comments);
    return CHECKS.flatMap((each) => each.check(module))
      .filter((each) => !silent(each))
      .sort((a, b) => a.start - b.start || a.end - b.end);
  }
}

/** For a text that is checked only once. */
export function checkText(parser: Parser, text: string, name: string): SourceFinding[] {
  const file = new SourceFile(parser, name);
  try {
    return file.check(text);
  } finally {
    file.forget();
  }
}

/** The position after a part of a text that begins at `from`. */
function pointAfter(text: string, start: number, end: number, from: Point): Point {
  let { row, column } = from;
  let at = start;
  for (let next = text.indexOf('\n', at); next >= 0 && next < end; next = text.indexOf('\n', at)) {
    row++;
    column = 0;
    at = next + 1;
  }
  return { row, column: column + end - at };
}
