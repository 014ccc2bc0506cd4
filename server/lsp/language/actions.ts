/** What can be done about a finding at a line: its fix where that is certain, muting it, reading its page. */
import * as l10n from '@vscode/l10n';
import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type Diagnostic,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import type { SourceFinding, TextEdit } from '../../protocol/source';
import type { FindingCode } from '../../protocol/views';
import type { SourceChecks } from './checks';
import type { OpenDocument } from './documents';
import type { LiveFinding } from './live';
import { lineRange, overlaps, spanRange } from './ranges';

/** Answered by the server itself: opens the page of a finding, whose code is the argument. */
export const OPEN_PAGE = 'forkscope.internal.openFindingPage';

interface ActionScene {
  readonly document: OpenDocument;
  readonly checks: SourceChecks;
  /** Those that nobody muted. */
  readonly source: readonly SourceFinding[];
  readonly live: readonly LiveFinding[];
  /** What the client can do. */
  readonly canShowPages: boolean;
  readonly versionedEdits: boolean;
}

export function codeActions({ range, context }: CodeActionParams, scene: ActionScene): CodeAction[] {
  const { only } = context;
  if (only !== undefined && !only.some((kind) => 'quickfix'.startsWith(kind))) return [];
  const { document, checks, canShowPages } = scene;
  const { text } = document;
  const actions: CodeAction[] = [];
  /** Offsets in lines where a finding of the code is shown. */
  const marked = new Map<string, { code: FindingCode; at: number }>();
  const mark = (code: FindingCode, line: number): void => {
    marked.set(`${code} ${line}`, { code, at: text.offsetAt({ line, character: 0 }) });
  };
  for (const finding of scene.source) {
    const place = spanRange(text, finding);
    if (!overlaps(place, range)) continue;
    mark(finding.code, place.start.line);
    const { fix } = finding;
    if (fix === undefined) continue;
    actions.push({
      title: fix.title,
      kind: CodeActionKind.QuickFix,
      isPreferred: true,
      diagnostics: told(context.diagnostics, finding.code, place.start.line),
      edit: workspaceEdit(scene, fix.edits),
    });
  }
  for (const { finding, place } of scene.live) {
    if (place.file !== document.file || !overlaps(lineRange(text, place.line), range)) continue;
    mark(finding.code, place.line);
  }
  for (const { code, at } of marked.values()) {
    const diagnostics = told(context.diagnostics, code, text.positionAt(at).line);
    const edit = checks.insertMuteComment(document, at, code);
    if (edit !== null) {
      actions.push({
        title: l10n.t('Mute {0} on this line', code),
        kind: CodeActionKind.QuickFix,
        diagnostics,
        edit: workspaceEdit(scene, [edit]),
      });
    }
    if (canShowPages) {
      const title = l10n.t('Open the page of {0}', code);
      actions.push({
        title,
        kind: CodeActionKind.QuickFix,
        diagnostics,
        command: { title, command: OPEN_PAGE, arguments: [code] },
      });
    }
  }
  return actions;
}

function told(diagnostics: readonly Diagnostic[], code: string, line: number): Diagnostic[] {
  return diagnostics.filter((each) => each.code === code && each.range.start.line === line);
}

function workspaceEdit({ document, versionedEdits }: ActionScene, edits: readonly TextEdit[]): WorkspaceEdit {
  const { uri, text } = document;
  const changes = edits.map((each) => ({ range: spanRange(text, each), newText: each.text }));
  if (!versionedEdits) return { changes: { [uri]: changes } };
  return { documentChanges: [{ textDocument: { uri, version: text.version }, edits: changes }] };
}
