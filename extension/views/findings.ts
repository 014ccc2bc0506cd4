/** The findings of a row: its mark and its texts. Pure. */

import * as l10n from '@vscode/l10n';
import type { Finding, Severity } from '../../server/protocol/views';
import { count } from '../../server/shared/format';
import type { SessionView } from '../../server/shared/sessionView';
import { findingText } from '../../server/shared/text/findings';
import type { Node } from '../ids';
import type { Row } from './labels';
import { plain } from './text';

const RANK: readonly Severity[] = ['error', 'warning', 'info'];
const MOST_IN_TOOLTIP = 5;

/** What a row is marked with: the worst of its findings, and how many there are. */
interface Mark {
  readonly severity: Severity;
  readonly number: number;
}

export function findingsText(number: number): string {
  return number === 1 ? l10n.t('1 finding') : l10n.t('{0} findings', count(number));
}

/** The findings that a row is about; for a session's row all of them. The worst first, as they come. */
export function findingsOf(session: SessionView, node: Node): readonly Finding[] {
  switch (node.kind) {
    case 'session':
      return session.findings;
    case 'process':
      return session.findings.filter((each) => each.processes.includes(node.processId));
    case 'channel':
      return session.findings.filter((each) => each.channels.includes(node.channelId));
    default:
      return [];
  }
}

export function markOf(findings: readonly Finding[]): Mark | undefined {
  const severity = RANK.find((rank) => findings.some((each) => each.severity === rank));
  return severity === undefined ? undefined : { severity, number: findings.length };
}

/** The row with its mark, for the eye, the ear and the menus. */
export function marked(row: Row, findings: readonly Finding[]): Row {
  const mark = markOf(findings);
  if (mark === undefined) {
    return row;
  }
  return {
    ...row,
    mark: `${mark.severity} ${mark.number}`,
    context: `${row.context}.found`,
    spoken: `${row.spoken}, ${findingsText(mark.number)}`,
  };
}

const ICONS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'info' };

/** Markdown: each finding's sentence, with a link to all that is known of it. */
export function findingsMarkdown(session: SessionView, findings: readonly Finding[]): string {
  const lines = findings.slice(0, MOST_IN_TOOLTIP).map((each) => {
    const target = encodeURIComponent(JSON.stringify([{ sessionId: session.id, findingId: each.id }]));
    return `$(${ICONS[each.severity]}) ${plain(findingText(each).message)} [${l10n.t('Show')}](command:forkscope.showFinding?${target})`;
  });
  const more = findings.length - lines.length;
  return [...lines, ...(more > 0 ? [l10n.t('and {0} more', more)] : [])].join('\n\n');
}
