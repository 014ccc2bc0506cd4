/** Checks of the open documents' source text; each keeps its syntax tree and parses only what changed. */
import { basename } from 'node:path';
import type { Parser } from 'web-tree-sitter';
import { SourceFile } from '../../core/source/check';
import { insertMuteComment } from '../../core/source/insertMuteComment';
import type { SourceFinding, TextEdit } from '../../protocol/source';
import type { FindingCode } from '../../protocol/views';
import type { Edited, OpenDocument } from './documents';
import { MAX_TEXT } from './files';

interface Checked {
  readonly source: SourceFile;
  version: number;
  findings: readonly SourceFinding[];
}

export class SourceChecks {
  private parser: Parser | null = null;
  private loading = false;
  private readonly checked = new Map<string, Checked>();

  /**
   * @param load makes the parser; called when the first document is looked at
   * @param ready the parser is there: documents can be checked now
   */
  constructor(
    private readonly load: () => Promise<Parser>,
    private readonly ready: () => void,
    private readonly failed: (error: unknown) => void,
  ) {}

  edited({ uri }: OpenDocument, edits: readonly Edited[]): void {
    const source = this.checked.get(uri)?.source;
    for (const { start, end, text, before } of edits) source?.edit(start, end, text, before);
  }

  closed({ uri }: OpenDocument): void {
    this.checked.get(uri)?.source.forget();
    this.checked.delete(uri);
  }

  /** What is wrong with the text as it is now; nothing while the parser is being loaded. */
  findings({ uri, text }: OpenDocument): readonly SourceFinding[] {
    if (this.parser === null) {
      this.start();
      return [];
    }
    let known = this.checked.get(uri);
    if (known === undefined) {
      known = { source: new SourceFile(this.parser, basename(uri)), version: Number.NaN, findings: [] };
      this.checked.set(uri, known);
    }
    if (known.version !== text.version) {
      const content = text.getText();
      known.findings = content.length > MAX_TEXT ? [] : known.source.check(content);
      known.version = text.version;
    }
    return known.findings;
  }

  /** The comment that mutes a finding at an offset. */
  insertMuteComment({ text }: OpenDocument, at: number, code: FindingCode): TextEdit | null {
    return this.parser === null ? null : insertMuteComment(this.parser, text.getText(), at, code);
  }

  private start(): void {
    if (this.loading) return;
    this.loading = true;
    this.load().then((parser) => {
      this.parser = parser;
      this.ready();
    }, this.failed);
  }
}
