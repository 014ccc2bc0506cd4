/** A simple language client: what an editor sends and receives, over any connection. */
import {
  type CodeAction,
  type CodeLens,
  type Diagnostic,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DidSaveTextDocumentNotification,
  type Hover,
  type InlayHint,
  type MessageConnection,
  PublishDiagnosticsNotification,
  type PublishDiagnosticsParams,
  type Range,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';

const CAPABILITIES = {
  workspace: {
    configuration: true,
    codeLens: { refreshSupport: true },
    inlayHint: { refreshSupport: true },
    workspaceEdit: { documentChanges: true },
    didChangeConfiguration: { dynamicRegistration: true },
  },
  textDocument: { publishDiagnostics: { relatedInformation: true, codeDescriptionSupport: true } },
  window: { showDocument: { support: true } },
};

export class EditorClient {
  readonly documents = new Map<string, TextDocument>();
  readonly diagnostics = new Map<string, Diagnostic[]>();
  /** Every publication in order. */
  readonly published: PublishDiagnosticsParams[] = [];
  readonly shown: string[] = [];
  /** Times of refresh requests, ms. */
  readonly refreshes: { lens: number[]; hint: number[] } = { lens: [], hint: [] };
  /** The section "forkscope". */
  settings: Record<string, unknown> = {};
  private readonly changes = new Set<() => void>();

  constructor(readonly connection: MessageConnection) {
    connection.onNotification(PublishDiagnosticsNotification.type, (params) => {
      this.published.push(params);
      this.diagnostics.set(params.uri, params.diagnostics);
      this.changed();
    });
    connection.onRequest('workspace/configuration', ({ items }: { items: unknown[] }) =>
      items.map(() => this.settings),
    );
    connection.onRequest('client/registerCapability', () => null);
    connection.onRequest('workspace/codeLens/refresh', () => {
      this.refreshes.lens.push(performance.now());
      this.changed();
      return null;
    });
    connection.onRequest('workspace/inlayHint/refresh', () => {
      this.refreshes.hint.push(performance.now());
      this.changed();
      return null;
    });
    connection.onRequest('window/showDocument', ({ uri }: { uri: string }) => {
      this.shown.push(uri);
      return { success: true };
    });
  }

  async start(initializationOptions: Record<string, unknown> = { showCommand: 'show' }) {
    const answer = await this.connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: null,
      capabilities: CAPABILITIES,
      initializationOptions,
    });
    // From then on it receives the engine's updates.
    const ready = new Promise((resolve) => this.connection.onNotification('forkscope/update', resolve));
    await this.connection.sendNotification('initialized', {});
    await ready;
    return answer;
  }

  async open(uri: string, text: string): Promise<void> {
    this.documents.set(uri, TextDocument.create(uri, 'python', 1, text));
    await this.connection.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri, languageId: 'python', version: 1, text },
    });
  }

  /** Replaces a range of the text. */
  async edit(uri: string, range: Range, text: string): Promise<void> {
    const document = this.document(uri);
    const version = document.version + 1;
    TextDocument.update(document, [{ range, text }], version);
    await this.connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version },
      contentChanges: [{ range, text }],
    });
  }

  /** Inserts before a line. */
  insert(uri: string, line: number, text: string): Promise<void> {
    return this.edit(uri, { start: { line, character: 0 }, end: { line, character: 0 } }, text);
  }

  /** Applies a code action's edit. */
  async apply(edit: WorkspaceEdit): Promise<void> {
    for (const change of edit.documentChanges ?? []) {
      if (!('textDocument' in change)) continue;
      const edits = [...(change.edits as TextEdit[])].sort(
        (a, b) => b.range.start.line - a.range.start.line || b.range.start.character - a.range.start.character,
      );
      for (const { range, newText } of edits) await this.edit(change.textDocument.uri, range, newText);
    }
  }

  save(uri: string): Promise<void> {
    return this.connection.sendNotification(DidSaveTextDocumentNotification.type, { textDocument: { uri } });
  }
  close(uri: string): Promise<void> {
    return this.connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri } });
  }
  /** @param settings the section "forkscope" */
  async configure(settings: Record<string, unknown>): Promise<void> {
    this.settings = settings;
    await this.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
  }

  text(uri: string): string {
    return this.document(uri).getText();
  }
  document(uri: string): TextDocument {
    const found = this.documents.get(uri);
    if (found === undefined) throw new Error(`${uri} is not open.`);
    return found;
  }

  actions(uri: string, diagnostic: Diagnostic): Promise<CodeAction[]> {
    return this.connection.sendRequest('textDocument/codeAction', {
      textDocument: { uri },
      range: diagnostic.range,
      context: { diagnostics: [diagnostic] },
    });
  }
  lenses(uri: string): Promise<CodeLens[]> {
    return this.connection.sendRequest('textDocument/codeLens', { textDocument: { uri } });
  }
  hints(uri: string): Promise<InlayHint[]> {
    const range = { start: { line: 0, character: 0 }, end: { line: 100_000, character: 0 } };
    return this.connection.sendRequest('textDocument/inlayHint', { textDocument: { uri }, range });
  }
  async hover(uri: string, line: number, character: number): Promise<string> {
    const found: Hover | null = await this.connection.sendRequest('textDocument/hover', {
      textDocument: { uri },
      position: { line, character },
    });
    return found === null ? '' : (found.contents as { value: string }).value;
  }

  /** Queries again at every change until the result is defined. */
  async until<T>(what: string, look: () => T | Promise<T>, timeout = 30_000): Promise<NonNullable<T>> {
    const end = performance.now() + timeout;
    for (;;) {
      const found = await look();
      if (found) return found as NonNullable<T>;
      if (performance.now() > end) throw new Error(`It never came to this: ${what}`);
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer);
          this.changes.delete(done);
          resolve();
        };
        // Results that count time change without a notification.
        const timer = setTimeout(done, 100);
        this.changes.add(done);
      });
    }
  }

  /** The diagnostics of a document, once there are `count` of them. */
  diagnosticsOf(uri: string, count: number): Promise<Diagnostic[]> {
    return this.until(`${count} diagnostics of ${uri}`, () => {
      const found = this.diagnostics.get(uri) ?? [];
      return found.length === count ? found : null;
    });
  }

  private changed(): void {
    for (const each of [...this.changes]) each();
  }
}
