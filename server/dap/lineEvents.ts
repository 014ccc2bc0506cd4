/** What line debugging tells, as the protocol's events. */
import * as l10n from '@vscode/l10n';
import type { LineEvents, LinePause, Place } from '../debug/debugpy/lineEvents';
import { plainLines } from '../protocol/plain';
import { conditionFailed, lineDebuggerFailed } from './errors';

type Send = (event: string, body: unknown) => void;

/** @param installCommand what installs a newer debugpy */
export function lineEvents(send: Send, installCommand: string): LineEvents {
  return {
    paused: (pause) =>
      send('stopped', {
        reason: pause.reason,
        description: describe(pause),
        ...(pause.text === undefined ? {} : { text: pause.text }),
        ...(pause.breakpoints.length > 0 ? { hitBreakpointIds: pause.breakpoints } : {}),
        threadId: pause.threadId,
        allThreadsStopped: false,
      }),
    pausedWith: (threadId) =>
      send('stopped', {
        reason: 'pause',
        description: l10n.t('Paused with its process'),
        threadId,
        allThreadsStopped: false,
        preserveFocusHint: true,
      }),
    resumed: (threadId) => send('continued', { threadId, allThreadsContinued: false }),
    threadStarted: (threadId) => send('thread', { reason: 'started', threadId }),
    threadExited: (threadId) => send('thread', { reason: 'exited', threadId }),
    programOutput: (body) => send('output', body),
    logged: (text, place) => send('output', consoleLines([text], place)),
    conditionFailed: (condition, error, process, place) =>
      send('output', consoleLines([conditionFailed(condition, error, process)], place)),
    breakpointChanged: (breakpoint) => send('breakpoint', { reason: 'changed', breakpoint }),
    refused: (pid, reason) =>
      send('output', consoleLines([lineDebuggerFailed(l10n.t('pid {0}', String(pid)), reason, installCommand)], null)),
  };
}

/** Lines of the debug console. @param place where a click on them leads */
export function consoleLines(lines: readonly string[], place: Place | null) {
  return {
    category: 'console',
    output: plainLines(lines),
    ...(place === null ? {} : { source: { path: place.file }, line: place.line }),
  };
}

function describe({ reason, description }: LinePause): string {
  if (reason === 'breakpoint') return l10n.t('Paused on breakpoint');
  if (reason === 'exception') return l10n.t('Paused on exception');
  if (reason === 'step') return l10n.t('Paused on step');
  if (reason === 'entry') return l10n.t('Paused on entry');
  return description || l10n.t('Paused');
}
