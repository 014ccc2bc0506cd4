/** What the rows of the Processes view say. Pure: from the server's views to text, icon names and colour names. */

import * as l10n from '@vscode/l10n';
import type { ProcessMeta, ProcessStatus, SessionStatus } from '../../server/protocol/views';
import { baseName, count, elapsed } from '../../server/shared/format';
import { isAlive, isHelper } from '../../server/shared/processes';
import { isOver, type SessionView } from '../../server/shared/sessionView';
import { endText } from '../../server/shared/text/names';
import { pausedText, stateText as sharedStateText } from '../../server/shared/text/states';
import { blockedText, causedText, endsByItself, isStuck, shownWait } from '../../server/shared/text/waits';
import { darkText } from './dark';
import { NOBODY, type Waiters, waitersText } from './paused';

/** One row as it is shown; two rows with equal fields look the same. */
export interface Row {
  readonly label: string;
  readonly description: string;
  /** Id of a codicon. */
  readonly icon: string;
  /** Id of a theme colour; undefined: the text's own. */
  readonly color: string | undefined;
  /** Shown with less emphasis. */
  readonly dim: boolean;
  /** `viewItem` of menus: its kind, then what is true of it, separated by dots. */
  readonly context: string;
  /** What a screen reader says. */
  readonly spoken: string;
  /** The worst of its findings and their number, "error 2"; absent: it has none. */
  readonly mark?: string;
}

const SEPARATOR = ' · ';

/**
 * @param waiters processes waiting for this one; shown while it is paused
 * @param session where the process's waits are followed; absent: shows its own call only
 */
export function stateText(
  status: ProcessStatus | undefined,
  now: number,
  waiters: Waiters = NOBODY,
  session?: SessionView,
): string {
  switch (status?.state) {
    case 'waiting': {
      const first = shownWait(status);
      if (first === undefined) return sharedStateText(status, now);
      const text = session === undefined ? blockedText(first, now) : causedText(session, status.id, first, now);
      const others = status.waits.length - 1;
      return others === 0 ? text : l10n.t('{0} (+{1} more)', text, others);
    }
    case 'paused': {
      const at = status.pausedAt;
      const place = at ? `${baseName(at.file)}:${at.line}` : '';
      const text = status.stop
        ? [status.stop.text, place].filter((each) => each !== '').join(SEPARATOR)
        : pausedText(status);
      const who = waitersText(waiters);
      return who === '' ? text : `${text}; ${who}`;
    }
    default:
      return sharedStateText(status, now);
  }
}

function waitIcon(status: ProcessStatus, session: SessionView | undefined): { icon: string; color: string } {
  const wait = shownWait(status);
  if (wait !== undefined && endsByItself(wait)) {
    return { icon: 'sync', color: 'charts.blue' };
  }
  return session !== undefined && isStuck(session, status.id)
    ? { icon: 'stop-circle', color: 'charts.red' }
    : { icon: 'watch', color: 'charts.yellow' };
}

function processIcon(
  { origin }: ProcessMeta,
  status: ProcessStatus | undefined,
  session: SessionView | undefined,
): { icon: string; color: string } {
  switch (status?.state) {
    case undefined:
    case 'running':
      return { icon: 'play-circle', color: 'charts.green' };
    case 'waiting':
      return waitIcon(status, session);
    case 'paused':
      return { icon: 'debug-pause', color: 'charts.blue' };
    case 'killed':
      // A pool terminates its workers and a program its daemons even on success.
      return status.asked === true || (origin === 'pool-worker' && status.signal === 'SIGTERM')
        ? { icon: 'circle-slash', color: 'disabledForeground' }
        : { icon: 'circle-slash', color: 'charts.red' };
    case 'lost':
      return { icon: 'question', color: 'charts.purple' };
    case 'exited':
      return status.exitCode === 0 || status.exitCode === null || status.asked === true
        ? { icon: 'pass', color: 'disabledForeground' }
        : { icon: 'error', color: 'charts.red' };
  }
}

/** `now` is the session's clock in ms; with `session` the row shows what the process waits for. */
export function processRow(
  meta: ProcessMeta,
  status: ProcessStatus | undefined,
  now: number,
  waiters: Waiters = NOBODY,
  session?: SessionView,
): Row {
  const alive = isAlive(status);
  const helper = isHelper(meta);
  const state = stateText(status, now, waiters, session);
  const pid = l10n.t('pid {0}', meta.pid);
  const { icon, color } = processIcon(meta, status, session);
  return {
    label: meta.name,
    // Narrow rows cut off their end, so what the process does comes first.
    description: [state, ...(meta.dark === undefined ? [] : [darkText(meta.dark)]), pid].join(SEPARATOR),
    icon,
    color: helper ? 'disabledForeground' : color,
    dim: helper,
    context: [
      'process',
      alive ? 'alive' : 'ended',
      ...(meta.line === null ? [] : ['started']),
      ...(waitLine(status) === null ? [] : ['waits']),
      ...(status?.stop == null || status.stop.message === null ? [] : ['message']),
    ].join('.'),
    spoken: l10n.t(
      '{0}, process {1}, {2}',
      meta.name,
      meta.pid,
      meta.dark === undefined ? state : `${state}, ${darkText(meta.dark)}`,
    ),
  };
}

/** The line at which the process is blocked, or last used a queue or pipe. */
export function waitLine(status: ProcessStatus | undefined): ProcessStatus['lastLine'] {
  return status?.waits[0]?.line ?? status?.lastLine ?? null;
}

/** Live processes of the session, without helpers. */
export function liveCount(session: SessionView): number {
  let live = 0;
  for (const meta of session.processes.values()) {
    live += !isHelper(meta) && isAlive(session.processStatus.get(meta.id)) ? 1 : 0;
  }
  return live;
}

export function processesText(number: number): string {
  return number === 1 ? l10n.t('1 process') : l10n.t('{0} processes', count(number));
}

function sessionIcon(
  status: SessionStatus | undefined,
  recorded: boolean,
): { icon: string; color: string | undefined } {
  if (status?.state !== 'ended') {
    return recorded ? { icon: 'history', color: undefined } : { icon: 'vm-running', color: 'charts.green' };
  }
  if (status.signal !== null || (status.exitCode ?? 0) !== 0) {
    return { icon: recorded ? 'history' : 'error', color: 'charts.red' };
  }
  return { icon: recorded ? 'history' : 'pass', color: 'disabledForeground' };
}

/** "13:32": distinguishes sessions of one program. */
function startTime(iso: string | undefined): string[] {
  const start = new Date(iso ?? '');
  return Number.isNaN(start.getTime()) ? [] : [start.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })];
}

export function sessionRow(session: SessionView): Row {
  const { meta, status } = session;
  const recorded = meta?.recorded ?? false;
  const over = isOver(session);
  const parts: string[] = recorded ? [l10n.t('recording')] : [];
  if (status?.state === 'ended') {
    parts.push(endText(status), elapsed(status.durationMs), ...startTime(meta?.startedAt));
  } else if (status?.state === 'starting') {
    parts.push(l10n.t('starting'));
  } else if (!over) {
    parts.push(processesText(liveCount(session)));
  }
  const dropped = status?.counts.dropped ?? 0;
  if (dropped > 0) {
    parts.push(l10n.t('{0} events dropped', count(dropped)));
  }
  const warned = (status?.warnings.length ?? 0) > 0;
  const { icon, color } = sessionIcon(status, recorded);
  const label = meta?.name ?? session.id;
  const description = parts.join(SEPARATOR);
  return {
    label,
    description,
    icon: warned ? 'warning' : icon,
    color: warned ? 'list.warningForeground' : color,
    dim: false,
    context: `session.${over ? 'ended' : 'running'}${recorded ? '.recorded' : ''}`,
    spoken: l10n.t('Session {0}, {1}', label, parts.join(', ')),
  };
}
