/**
 * The language features: diagnostics, quick fixes, code lenses, inlay hints and hovers. They show what the checks of source text
 * find, and what the engine knows of the programs that run. Each is answered from what is known at that moment; the client is
 * told to ask again at most twice a second, and only when the answer would be another one.
 */
import {
  type ClientCapabilities,
  CodeActionKind,
  CodeLensRefreshRequest,
  type Connection,
  type Diagnostic,
  InlayHintRefreshRequest,
  type ServerCapabilities,
  TextDocumentSyncKind,
} from 'vscode-languageserver/node';
import type { Parser } from 'web-tree-sitter';
import { log } from '../../engine/log/log';
import { findingPage, type SourceFinding } from '../../protocol/source';
import type { InitializationOptions, UpdateParams } from '../../protocol/stream';
import { FINDING_CODES } from '../../protocol/views';
import { Throttle } from '../../shared/throttle';
import { codeActions, OPEN_PAGE } from './actions';
import { SourceChecks } from './checks';
import { creations } from './creations';
import { liveDiagnostic, sourceDiagnostics } from './diagnostics';
import { Documents, type OpenDocument } from './documents';
import { Files } from './files';
import { hover } from './hovers';
import { inlayHints } from './inlays';
import { codeLenses } from './lenses';
import { type LiveFinding, liveFindings } from './live';
import { KnownSessions } from './sessions';
import { DEFAULTS, type EditorSettings, followSettings, readSettings } from './settings';

/** What is shown is looked at so often, ms. */
const REFRESH = 500;
/** Text is checked when nobody typed for so long, ms. */
const TYPING = 150;

export class LanguageFeatures {
  private readonly files = new Files();
  private readonly sessions = new KnownSessions(this.files);
  private readonly documents: Documents;
  private readonly checks: SourceChecks;
  private readonly refresh = new Throttle(REFRESH, () => this.look());
  private readonly typing = new Map<string, NodeJS.Timeout>();
  /** What the client has, by uri. */
  private readonly published = new Map<string, string>();
  private settings: EditorSettings = DEFAULTS;
  /** What holds where the client says nothing. */
  private base: EditorSettings = DEFAULTS;
  /** As the client sent them last. */
  private section: unknown = null;
  private client: ClientCapabilities = {};
  /** The client's command that shows something in the panel. */
  private show: string | null = null;
  private lensKey = '';
  private hintKey = '';
  private stopped = false;

  constructor(
    private readonly connection: Connection,
    loadParser: () => Promise<Parser>,
  ) {
    this.checks = new SourceChecks(
      loadParser,
      () => this.checkAll(),
      (error) => connection.console.error(`The checks of source text cannot run: ${String(error)}`),
    );
    this.documents = new Documents(this.files, {
      opened: (document) => this.checkSoon(document, 0),
      edited: (document, edits) => {
        this.checks.edited(document, edits);
        this.checkSoon(document, TYPING);
      },
      closed: (document) => this.closed(document),
    });
  }

  /** What the server can do for this client. */
  initialize(capabilities: ClientCapabilities, options: InitializationOptions | undefined): ServerCapabilities {
    this.client = capabilities;
    this.show = options?.showCommand ?? null;
    if (Array.isArray(options?.mutedFindings)) this.base = { ...DEFAULTS, muted: options.mutedFindings };
    this.settings = this.base;
    this.documents.listen(this.connection);
    this.register();
    return {
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
      codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] },
      codeLensProvider: { resolveProvider: false },
      inlayHintProvider: { resolveProvider: false },
      hoverProvider: true,
      executeCommandProvider: { commands: [OPEN_PAGE] },
    };
  }

  /** The client is ready for requests. */
  start(): void {
    followSettings(this.connection, this.client, (section) => {
      this.section = section;
      this.noteSettings();
      this.settings = readSettings(section, this.base);
      this.checkAll();
      this.refresh.askSoon();
    });
  }

  /** The client's settings of Forkscope, as it sent them last, for the log. */
  noteSettings(): void {
    log.note('settings', () => JSON.stringify(this.section ?? {}));
  }

  /** What the engine tells. */
  take(update: UpdateParams): void {
    this.sessions.take(update);
    this.refresh.askSoon();
  }

  /** Codes that are muted from now on. */
  mute(codes: readonly string[]): void {
    this.base = { ...this.base, muted: codes };
    this.settings = { ...this.settings, muted: codes };
    this.checkAll();
  }

  stop(): void {
    this.stopped = true;
    this.refresh.stop();
    for (const timer of this.typing.values()) clearTimeout(timer);
    this.typing.clear();
  }

  private register(): void {
    const { connection } = this;
    connection.onCodeAction((params) => {
      const document = this.documents.get(params.textDocument.uri);
      if (document === undefined) return [];
      return codeActions(params, {
        document,
        checks: this.checks,
        source: this.sourceFindings(document),
        live: this.live(),
        canShowPages: this.client.window?.showDocument?.support === true,
        versionedEdits: this.client.workspace?.workspaceEdit?.documentChanges === true,
      });
    });
    connection.onCodeLens(({ textDocument }) => this.lenses(this.documents.get(textDocument.uri)));
    connection.languages.inlayHint.on(({ textDocument, range }) =>
      this.hints(this.documents.get(textDocument.uri)).filter(
        ({ position: { line } }) => range.start.line <= line && line <= range.end.line,
      ),
    );
    connection.onHover(({ textDocument, position }) => {
      const file = this.documents.get(textDocument.uri)?.file ?? null;
      if (file === null || !this.settings.hover) return null;
      return hover(file, position, creations(this.sessions, file), this.live(), this.show);
    });
    connection.onExecuteCommand(async ({ command, arguments: [code] = [] }) => {
      const known = FINDING_CODES.find((each) => each === code);
      if (command !== OPEN_PAGE || known === undefined) return;
      await connection.window.showDocument({ uri: findingPage(known), external: true });
    });
  }

  private live(): LiveFinding[] {
    return liveFindings(this.sessions, this.settings.muted);
  }

  private sourceFindings(document: OpenDocument): readonly SourceFinding[] {
    if (!this.settings.checks) return [];
    return this.checks.findings(document).filter(({ code }) => !this.settings.muted.includes(code));
  }

  private lenses(document: OpenDocument | undefined) {
    const file = document?.file ?? null;
    return file === null || !this.settings.codeLens ? [] : codeLenses(creations(this.sessions, file), this.show);
  }

  private hints(document: OpenDocument | undefined) {
    const file = document?.file ?? null;
    return file === null || !this.settings.inlayHints ? [] : inlayHints(this.sessions, file, this.show);
  }

  /** Looks at everything that is shown, and tells the client what changed. */
  private look(): void {
    if (this.stopped) return;
    this.publishLive();
    const { all } = this.documents;
    const lenses = JSON.stringify(all.map((each) => this.lenses(each)));
    if (lenses !== this.lensKey) {
      this.lensKey = lenses;
      if (this.client.workspace?.codeLens?.refreshSupport === true) this.request(CodeLensRefreshRequest.method);
    }
    const hints = all.map((each) => this.hints(each));
    const hintKey = JSON.stringify(hints);
    if (hintKey !== this.hintKey) {
      this.hintKey = hintKey;
      if (this.client.workspace?.inlayHint?.refreshSupport === true) this.request(InlayHintRefreshRequest.method);
    }
    // They say since when: time changes them too.
    if (hints.some((each) => each.length > 0)) this.refresh.askSoon();
  }

  private request(method: string): void {
    this.connection.sendRequest(method).catch((error: unknown) => {
      if (!this.stopped) this.connection.console.warn(String(error));
    });
  }

  private checkAll(): void {
    for (const document of this.documents.all) this.checkSoon(document, 0);
    this.refresh.askSoon();
  }

  private checkSoon(document: OpenDocument, afterMs: number): void {
    const { uri } = document;
    clearTimeout(this.typing.get(uri));
    this.typing.set(
      uri,
      setTimeout(() => {
        this.typing.delete(uri);
        this.publish(document, this.live());
      }, afterMs),
    );
  }

  private closed(document: OpenDocument): void {
    clearTimeout(this.typing.get(document.uri));
    this.typing.delete(document.uri);
    this.checks.closed(document);
    this.send(document.uri, liveOf(this.live(), document.uri));
  }

  private publishLive(): void {
    const live = this.live();
    const uris = new Set(live.map(({ place: { file } }) => file.uri ?? file.text.uri));
    for (const uri of this.published.keys()) uris.add(uri);
    for (const uri of uris) {
      const document = this.documents.get(uri);
      if (document === undefined) this.send(uri, liveOf(live, uri));
      // While somebody types, the editor itself moves what is shown.
      else if (!this.typing.has(uri)) this.publish(document, live);
    }
  }

  private publish(document: OpenDocument, live: readonly LiveFinding[]): void {
    if (this.stopped) return;
    const running = liveOf(live, document.uri);
    this.send(
      document.uri,
      [...running, ...sourceDiagnostics(document, this.sourceFindings(document), running)],
      document,
    );
  }

  private send(uri: string, diagnostics: Diagnostic[], document?: OpenDocument): void {
    const key = JSON.stringify(diagnostics);
    if (this.stopped || key === (this.published.get(uri) ?? '[]')) return;
    if (diagnostics.length === 0) this.published.delete(uri);
    else this.published.set(uri, key);
    void this.connection.sendDiagnostics({
      uri,
      diagnostics,
      ...(document === undefined ? {} : { version: document.text.version }),
    });
  }
}

function liveOf(live: readonly LiveFinding[], uri: string): Diagnostic[] {
  return live.filter(({ place: { file } }) => (file.uri ?? file.text.uri) === uri).map(liveDiagnostic);
}
