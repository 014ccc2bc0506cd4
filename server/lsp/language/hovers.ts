/** Hovers at lines that made something, and at lines that a finding shows. */

import * as l10n from '@vscode/l10n';
import type { Hover, Position } from 'vscode-languageserver/node';
import { findingPage } from '../../protocol/source';
import type { ChannelMeta, ChannelStatus, PoolMeta, PoolStatus } from '../../protocol/views';
import { bytes, count, duration, elapsed, rate } from '../../shared/format';
import { captionText } from '../../shared/text/captions';
import { findingText } from '../../shared/text/findings';
import { stateText } from '../../shared/text/states';
import type { Creation, Known } from './creations';
import type { FollowedFile } from './files';
import type { LiveFinding } from './live';
import { commandLink, escaped, lineLink, markup } from './markdown';
import { lineRange } from './ranges';
import type { KnownSession } from './sessions';
import { isQueue, names, parties } from './words';

/** Of things that one line made by the hundred, the first ones. */
const MOST = 6;

/** null where there is nothing to tell. @param show as for `codeLenses` */
export function hover(
  file: FollowedFile,
  { line, character }: Position,
  all: readonly Creation[],
  live: readonly LiveFinding[],
  show: string | null,
): Hover | null {
  const range = lineRange(file.text, line);
  if (character < range.start.character || character > range.end.character) return null;
  const paragraphs = [
    ...live.flatMap((each) => ofFinding(each, file, line, show)),
    ...all.filter((each) => each.line === line).flatMap((each) => ofCreation(each, show)),
  ];
  return paragraphs.length === 0 ? null : { contents: markup(paragraphs), range };
}

function ofCreation({ session, channels, pools, processes }: Creation, show: string | null): string[] {
  const found: string[] = [];
  const link = (text: string, focus: Parameters<typeof commandLink>[2]) =>
    show === null ? '' : ` · ${commandLink(text, show, focus)}`;
  for (const each of channels.slice(0, MOST)) {
    const { id, kind, name } = each.meta;
    const title = `**${escaped(name)}** · ${kind}${link(l10n.t('Show in Panel'), { sessionId: session.id, channelId: id })}`;
    found.push([title, ...channelLines(each, session)].join('\n'));
  }
  for (const each of pools.slice(0, MOST)) {
    const { id, kind, name } = each.meta;
    const title = `**${escaped(name || kind)}** · ${kind}${link(l10n.t('Show in Panel'), { sessionId: session.id, poolId: id, page: 'pools' })}`;
    found.push([title, ...poolLines(each)].join('\n'));
  }
  if (processes.length > 0) {
    const lines = processes.slice(0, MOST * 2).map(({ meta, status }) => {
      const shown = link(l10n.t('Show in Panel'), { sessionId: session.id, processId: meta.id });
      return `- **${escaped(meta.name || l10n.t('process'))}** (${meta.pid}): ${escaped(stateText(status, session.nowMs))}${shown}`;
    });
    found.push(lines.join('\n'));
  }
  const more =
    Math.max(0, channels.length - MOST) + Math.max(0, pools.length - MOST) + Math.max(0, processes.length - MOST * 2);
  if (more > 0) found.push(l10n.t('and {0} more', count(more)));
  return found;
}

function channelLines({ meta, status }: Known<ChannelMeta, ChannelStatus>, session: KnownSession): string[] {
  const { depth, depthFeeder, depthPipe, depthMax, puts, gets, sends, receives, bytesSent, outcomes } = status;
  const queue = isQueue(meta.kind);
  const lines: string[] = [];
  const capacity = meta.capacity > 0 ? `/${count(meta.capacity)}` : '';
  const parts = l10n.t('{0} in feeder buffers, {1} in the pipe', count(depthFeeder), count(depthPipe));
  lines.push(
    `${l10n.t('depth {0}', `${count(depth)}${capacity}`)} (${parts}), ${l10n.t('at most {0}', count(depthMax))}`,
  );
  const traffic = queue
    ? l10n.t('{0} put, {1} got', count(puts), count(gets))
    : l10n.t('{0} sent, {1} received', count(sends), count(receives));
  lines.push([traffic, bytes(bytesSent), ...(session.live ? [l10n.t('{0}/s', rate(status.rate))] : [])].join(', '));
  const { producers, consumers } = parties([status]);
  const who = (ids: ReadonlySet<string>) =>
    escaped(
      names(
        [...ids].map((id) => session.name(id)),
        MOST,
      ),
    ) || '–';
  if (producers.size + consumers.size > 0) lines.push(`${who(producers)} → ${who(consumers)}`);
  const ends = Object.entries(outcomes).filter(([, count]) => count > 0);
  if (ends.length > 0) lines.push(ends.map(([name, n]) => `${name} × ${count(n)}`).join(', '));
  return lines.map((each) => `- ${each}`);
}

const STATES: Readonly<Record<PoolStatus['state'], () => string>> = {
  open: () => l10n.t('open'),
  closed: () => l10n.t('closed'),
  terminated: () => l10n.t('terminated'),
  broken: () => l10n.t('broken'),
};

function poolLines({ meta, status }: Known<PoolMeta, PoolStatus>): string[] {
  const { activity } = status;
  const busy = l10n.t('{0}/{1} busy', count(activity?.busy ?? status.running), count(meta.size));
  const lines = [
    `${STATES[status.state]()}, ${busy}, ${l10n.t('{0} waiting', count(status.pending))}`,
    `${l10n.t('{0} done', count(status.completed))}, ${l10n.t('{0} failed', count(status.failed))}`,
  ];
  const { cancelled, lost } = status;
  if (cancelled + lost > 0)
    lines.push(`${l10n.t('{0} cancelled', count(cancelled))}, ${l10n.t('{0} lost', count(lost))}`);
  if (activity?.medianMs != null && activity.p95Ms !== null) {
    lines.push(
      l10n.t('a task takes {0}, 95 % of them at most {1}', duration(activity.medianMs), duration(activity.p95Ms)),
    );
  }
  if (activity !== undefined && activity.sentence !== '') lines.push(escaped(activity.sentence));
  return lines.map((each) => `- ${each}`);
}

/** At its first line the diagnostic says it already: then only what that does not say. */
function ofFinding(
  { session, finding, place, lines }: LiveFinding,
  file: FollowedFile,
  line: number,
  show: string | null,
): string[] {
  const here = lines.filter((each) => each.place?.file === file && each.place.line === line);
  if (here.length === 0) return [];
  const { code, id, sinceMs, over } = finding;
  const { message, advice } = findingText(finding);
  const first = place.file === file && place.line === line;
  const links = [
    `[${code}](${findingPage(code)})`,
    over ? l10n.t('it is over') : l10n.t('for {0}', elapsed(session.nowMs - sinceMs)),
    ...(show === null
      ? []
      : [commandLink(l10n.t('Show in Panel'), show, { sessionId: session.id, findingId: id, page: 'findings' })]),
  ].join(' · ');
  const evidence = lines.flatMap(({ shown, place: other }) => {
    if (other === null) return [];
    const who = shown.processId === null ? '' : `**${escaped(session.name(shown.processId))}** `;
    return [`- ${lineLink(other)} ${who}${escaped(captionText(shown.caption))}`];
  });
  return [links, ...(first ? [] : [escaped(message), escaped(advice)]), evidence.slice(0, MOST * 2).join('\n')];
}
