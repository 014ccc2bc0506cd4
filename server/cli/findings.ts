import type { Report, ReportFinding } from '../protocol/report';
import type { Session } from '../session/handle';

/** One finding on a terminal: the sentence, the lines that show it, what to do. */
export function findingText(finding: ReportFinding): string {
  const { code, severity, message, lines, captions, advice } = finding;
  const out = [`forkscope: ${severity}: ${message} [${code}]`];
  lines.forEach((each, index) => {
    out.push(`    ${each.file}:${each.line}  ${captions[index]?.text ?? ''}`.trimEnd());
  });
  out.push(`    ${advice}`);
  return `${out.join('\n')}\n`;
}

/** Tells of findings on stderr, each once: those of a hang as they come, because no end may come. */
export class FindingTeller {
  private readonly told = new Set<string>();

  constructor(
    private readonly session: Session,
    private readonly write: (text: string) => void,
  ) {}

  hangs(): void {
    for (const each of this.session.findings) {
      if (each.severity !== 'error' || each.over) continue;
      this.tell(each.id);
    }
  }
  rest(): void {
    for (const each of this.session.findings) this.tell(each.id);
  }

  private tell(id: string): void {
    if (this.told.has(id)) return;
    this.told.add(id);
    const finding = this.session.reportFinding(id);
    if (finding !== null) this.write(findingText(finding));
  }
}

/** The findings' part of a readable report. */
export function findingLines(report: Report): string[] {
  if (report.findings.length === 0) return [];
  return ['', `Findings (${report.findings.length})`, ...report.findings.map((each) => indented(findingText(each)))];
}

function indented(text: string): string {
  return text
    .trimEnd()
    .replace(/^forkscope: /, '')
    .replace(/^/gm, '  ');
}
