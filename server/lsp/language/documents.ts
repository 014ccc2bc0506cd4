/** The Python documents that are open in the editor, kept up with each edit. */
import type {
  Connection,
  DidChangeTextDocumentParams,
  DidOpenTextDocumentParams,
  TextDocumentIdentifier,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Files, FollowedFile } from './files';
import { difference } from './lines';

/** One edit. Offsets are of the text before it. */
export interface Edited {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** The whole text before it. */
  readonly before: string;
}

export class OpenDocument {
  constructor(
    public text: TextDocument,
    /** null for what is no file: a new text. */
    readonly file: FollowedFile | null,
  ) {}
  get uri(): string {
    return this.text.uri;
  }
}

interface DocumentListener {
  opened(document: OpenDocument): void;
  edited(document: OpenDocument, edits: readonly Edited[]): void;
  closed(document: OpenDocument): void;
}

export class Documents {
  private readonly open = new Map<string, OpenDocument>();

  constructor(
    private readonly files: Files,
    private readonly listener: DocumentListener,
  ) {}

  get all(): readonly OpenDocument[] {
    return [...this.open.values()];
  }
  get(uri: string): OpenDocument | undefined {
    return this.open.get(uri);
  }

  listen(connection: Connection): void {
    connection.onDidOpenTextDocument((params) => this.didOpen(params));
    connection.onDidChangeTextDocument((params) => this.didChange(params));
    connection.onDidSaveTextDocument(({ textDocument }) => this.open.get(textDocument.uri)?.file?.save());
    connection.onDidCloseTextDocument(({ textDocument }) => this.didClose(textDocument));
  }

  private didOpen({ textDocument }: DidOpenTextDocumentParams): void {
    const { uri, languageId, version, text } = textDocument;
    if (languageId !== 'python') return;
    const content = TextDocument.create(uri, languageId, version, text);
    const document = new OpenDocument(content, this.files.open(content));
    this.open.set(uri, document);
    this.listener.opened(document);
  }

  private didChange({ textDocument, contentChanges }: DidChangeTextDocumentParams): void {
    const document = this.open.get(textDocument.uri);
    if (document === undefined) return;
    const edits: Edited[] = [];
    for (const change of contentChanges) {
      const { text } = document;
      const before = text.getText();
      const edit =
        'range' in change
          ? { start: text.offsetAt(change.range.start), end: text.offsetAt(change.range.end), text: change.text }
          : difference(before, change.text);
      edits.push({ ...edit, before });
      const range = { start: text.positionAt(edit.start), end: text.positionAt(edit.end) };
      const line = text.offsetAt({ line: range.start.line, character: 0 });
      document.file?.lines.edit(range, edit.text, before.slice(line, edit.start));
      document.text = TextDocument.update(text, [{ range, text: edit.text }], textDocument.version);
    }
    if (document.file !== null) document.file.text = document.text;
    this.listener.edited(document, edits);
  }

  private didClose({ uri }: TextDocumentIdentifier): void {
    const document = this.open.get(uri);
    if (document === undefined) return;
    this.open.delete(uri);
    document.file?.close();
    this.listener.closed(document);
  }
}
