import type { Session } from '../engine/session/session';
import { plainLines } from '../protocol/plain';
import type { Report, ReportFinding } from '../protocol/report';

/** One finding for a terminal, line by line: the sentence, the lines of code, the advice. */
function findingText(finding: ReportFinding): string[] {
  const { code, severity, message, lines, captions, advice } = finding;
  return [
    `${severity}: ${message} [${code}]`,
    ...lines.map((each, index) => `    ${each.file}:${each.line}  ${captions[index]?.text ?? ''}`.trimEnd()),
    `    ${advice}`,
  ];
}

/** Prints findings to stderr, each once. Those of a hang are printed immediately, because the program may never end. */
export class FindingPrinter {
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
    if (finding === null) return;
    const [first = '', ...rest] = findingText(finding);
    this.write(plainLines([`forkscope: ${first}`, ...rest]));
  }
}

/** The findings section of a readable report. */
export function findingLines(report: Report): string[] {
  if (report.findings.length === 0) return [];
  const lines = report.findings.flatMap(findingText).map((each) => `  ${each}`);
  return ['', `Findings (${report.findings.length})`, ...lines];
}
