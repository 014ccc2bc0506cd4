/** Findings as diagnostics: those of the source text, and those of running programs. */
import * as l10n from '@vscode/l10n';
import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver/node';
import { findingPage, type SourceFinding } from '../../protocol/source';
import type { FindingCode, Severity } from '../../protocol/views';
import { captionText } from '../../shared/text/captions';
import { findingText } from '../../shared/text/findings';
import type { OpenDocument } from './documents';
import type { LiveFinding } from './live';
import { lineRange, spanRange } from './ranges';

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
};

/** Of the text alone; what a running program shows at the same line is told by that. */
export function sourceDiagnostics(
  { uri, text }: OpenDocument,
  findings: readonly SourceFinding[],
  live: readonly Diagnostic[],
): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const each of findings) {
    const range = spanRange(text, each);
    if (live.some(({ code, range: other }) => code === each.code && other.start.line === range.start.line)) continue;
    found.push({
      ...head(each.code, each.severity, each.message, each.advice),
      range,
      relatedInformation: each.related.map((other) => ({
        location: { uri, range: spanRange(text, other) },
        message: other.caption,
      })),
    });
  }
  return found;
}

export function liveDiagnostic({ session, finding, place, lines }: LiveFinding): Diagnostic {
  const { code, severity, over } = finding;
  const { message, advice } = findingText(finding);
  const [, ...others] = lines.filter((each) => each.place !== null);
  return {
    ...head(code, severity, over ? l10n.t('{0} (It is over.)', message) : message, advice),
    range: lineRange(place.file.text, place.line),
    relatedInformation: others.flatMap(({ shown, place: other }) => {
      if (other === null) return [];
      const { file, line } = other;
      const who = shown.processId === null ? '' : `${session.name(shown.processId)}: `;
      return [
        {
          location: { uri: file.uri ?? file.text.uri, range: lineRange(file.text, line) },
          message: who + captionText(shown.caption),
        },
      ];
    }),
  };
}

function head(code: FindingCode, severity: Severity, message: string, advice: string) {
  return {
    source: 'Forkscope',
    code,
    codeDescription: { href: findingPage(code) },
    severity: SEVERITIES[severity],
    message: `${message}\n${advice}`,
  };
}
