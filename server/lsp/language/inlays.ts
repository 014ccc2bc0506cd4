/** Inlay hints at the end of lines where processes wait now. */

import * as l10n from '@vscode/l10n';
import { type InlayHint, type InlayHintLabelPart, MarkupKind } from 'vscode-languageserver/node';
import type { FocusParams } from '../../protocol/panel';
import type { ProcessId, Wait } from '../../protocol/views';
import { duration, elapsed } from '../../shared/format';
import { callText } from '../../shared/text/calls';
import type { FollowedFile } from './files';
import { escaped } from './markdown';
import { lineText } from './ranges';
import type { KnownSession, KnownSessions } from './sessions';
import { names } from './words';

/** Shorter waits are the program's daily work: hints for them would only flicker. */
const SHOWN_AFTER_MS = 500;

interface Waiting {
  readonly session: KnownSession;
  readonly processId: ProcessId;
  readonly wait: Wait;
  readonly forMs: number;
}

/** By line, the longest wait first. */
function waiting(sessions: KnownSessions, file: FollowedFile): Map<number, Waiting[]> {
  const byLine = new Map<number, Waiting[]>();
  for (const session of sessions.all) {
    if (!session.live) continue;
    const { nowMs } = session;
    for (const { id: processId, state, waits } of session.view.processStatus.values()) {
      if (state !== 'waiting') continue;
      for (const wait of waits) {
        const forMs = nowMs - wait.sinceMs;
        const place = forMs < SHOWN_AFTER_MS ? null : session.place(wait.line);
        if (place === null || place.file !== file) continue;
        const here = byLine.get(place.line);
        if (here === undefined) byLine.set(place.line, [{ session, processId, wait, forMs }]);
        else here.push({ session, processId, wait, forMs });
      }
    }
  }
  for (const here of byLine.values()) here.sort((a, b) => b.forMs - a.forMs);
  return byLine;
}

/** @param show as for `codeLenses` */
export function inlayHints(sessions: KnownSessions, file: FollowedFile, show: string | null): InlayHint[] {
  return [...waiting(sessions, file)]
    .sort(([a], [b]) => a - b)
    .map(([line, here]) => {
      const [longest] = here as [Waiting, ...Waiting[]];
      const who = [...new Set(here.map(({ session, processId }) => session.name(processId)))];
      const since = elapsed(longest.forMs);
      const value = l10n.t('{0}: blocked for {1}', names(who), since);
      const focus: FocusParams = { sessionId: longest.session.id, processId: longest.processId, page: 'waits' };
      const label: InlayHintLabelPart = {
        value,
        tooltip: { kind: MarkupKind.Markdown, value: tooltip(here) },
        ...(show === null
          ? {}
          : { command: { title: l10n.t("Show What's Blocking It"), command: show, arguments: [focus] } }),
      };
      return {
        position: { line, character: lineText(file.text, line).trimEnd().length },
        label: [label],
        paddingLeft: true,
      };
    });
}

const MOST = 8;

function tooltip(here: readonly Waiting[]): string {
  const lines = here.slice(0, MOST).map(({ session, processId, wait, forMs }) => {
    const { timeoutMs, blockers } = wait;
    const words = [
      `**${escaped(session.name(processId))}**: ${escaped(callText(wait))}`,
      l10n.t('for {0}', elapsed(forMs)),
      ...(timeoutMs === null ? [] : [l10n.t('timeout {0}', duration(timeoutMs))]),
    ];
    const others = (blockers ?? []).filter((each) => !each.dead).map((each) => session.name(each.processId));
    if (blockers?.length === 0) words.push(l10n.t('no live process can unblock it'));
    else if (others.length > 0) words.push(l10n.t('{0} could unblock it', escaped(names(others))));
    return `- ${words.join(', ')}`;
  });
  if (here.length > MOST) lines.push(`- ${l10n.t('and {0} more', here.length - MOST)}`);
  return lines.join('\n');
}
