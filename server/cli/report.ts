import { readFileSync } from 'node:fs';
import { violations } from '../core/model/project/invariants';
import { reportDifferences } from '../engine/report/compareReports';
import type { Session } from '../engine/session/session';
import { plainJson, plainLines } from '../protocol/plain';
import type { Report } from '../protocol/report';
import { openRecording } from './open';
import { details } from './text';

export interface ReportOptions {
  json?: boolean;
  /** Also checks the model's invariants; violations go to stderr. */
  verify?: boolean;
  /** A live report of the same session, which must agree. */
  against?: string;
}

/** `forkscope report`. Returns the exit status. */
export async function showReport(path: string, options: ReportOptions): Promise<number> {
  const session = await openRecording(path);
  try {
    const report = session.report();
    process.stdout.write(
      options.json === true ? `${plainJson(report, 2)}\n` : details(report, session.snapshot().status?.warnings ?? []),
    );
    const wrong = options.verify === true || options.against !== undefined ? faultsOf(session, report, options) : [];
    process.stderr.write(plainLines(wrong.map((sentence) => `forkscope: ${sentence}`)));
    return wrong.length > 0 ? 1 : 0;
  } finally {
    session.dispose(false);
  }
}

function faultsOf(session: Session, report: Report, { against }: ReportOptions): string[] {
  const found = violations(session.model);
  if (against === undefined) return found;
  const live = JSON.parse(readFileSync(against, 'utf8')) as Report;
  return [...found, ...reportDifferences(live, report)];
}
