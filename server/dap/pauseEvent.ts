/** A pause as the protocol's event. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import * as l10n from '@vscode/l10n';
import type { PauseInfo } from '../debug/pauses/pausedThread';
import { errorOf, findingLines, pauseBadge, pauseText, waitingBadge } from '../debug/pauses/pauseText';
import type { ShownPause } from '../debug/threads/pauseEvents';
import { blockedText } from '../shared/text/waits';

type Stopped = DebugProtocol.StoppedEvent['body'];

const REASONS: Readonly<Record<PauseInfo['reason']['kind'], string>> = {
  line: 'breakpoint',
  function: 'function breakpoint',
  filter: 'breakpoint',
  entry: 'entry',
  follow: 'step',
  step: 'step',
  pause: 'pause',
  freeze: 'pause',
};

/**
 * @param nowMs the session's own clock
 * @param hasBadges the client shows the description as a badge beside the process's name
 */
export function stoppedBody(pause: ShownPause, nowMs: number, hasBadges: boolean): Stopped {
  const { threadId, at, finding, isQuiet } = pause;
  const common = { threadId, allThreadsStopped: false, preserveFocusHint: isQuiet };
  const why = finding === null ? {} : { text: findingLines(finding.finding)[0], hitBreakpointIds: [finding.id] };
  if (!('info' in at)) {
    const text = (hasBadges ? waitingBadge : blockedText)(at, nowMs);
    const description = finding === null ? text : l10n.t('{0} ({1})', text, finding.finding.code);
    return { reason: finding === null ? 'pause' : 'exception', description, ...why, ...common };
  }
  const { info, name } = at;
  const { kind, id, problem } = info.reason;
  const whole = pauseText(info, name);
  const isError = finding !== null || (kind === 'filter' && errorOf(info) !== null);
  return {
    reason: isError ? 'exception' : REASONS[kind],
    ...(hasBadges ? { description: pauseBadge(info), text: whole } : { description: whole }),
    ...why,
    ...(problem === undefined ? {} : { text: l10n.t('The condition failed: {0}', problem) }),
    ...common,
    ...(kind === 'line' || kind === 'function' || kind === 'filter' ? { hitBreakpointIds: [id] } : {}),
  };
}
