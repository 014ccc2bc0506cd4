/** What is said of a pause: for its process, in a badge, and as an exception where it is one. */
import * as l10n from '@vscode/l10n';
import type { Finding, Wait } from '../../protocol/views';
import { elapsed } from '../../shared/format';
import { callText } from '../../shared/text/calls';
import { findingText } from '../../shared/text/findings';
import type { PauseInfo } from './pausedThread';

/** Operations that are not named as the user's call is. */
function operationText({ op, error }: PauseInfo): string {
  if (error === 'unpicklable') return l10n.t('{0} of what cannot be pickled', op);
  if (error === 'timeout') return l10n.t('timeout of {0}', op);
  if (error !== null) return error;
  if (op === 'badEnd') return l10n.t('error exit');
  if (op === 'task') return l10n.t('the start');
  if (op === 'taskEnd') return l10n.t('the end');
  return op;
}

/** "Paused on put of tasks". @param name what the operation is on; may be empty */
export function pauseText(info: PauseInfo, name: string): string {
  if (info.reason.kind === 'freeze') return l10n.t('Held');
  const what = operationText(info);
  if (info.error === 'unpicklable' && name !== '') return l10n.t('Paused on {0}: {1}', what, name);
  return name === '' ? l10n.t('Paused on {0}', what) : l10n.t('Paused on {0} of {1}', what, name);
}

/** "Paused on put": where a badge must leave room for the name of its process. */
export function pauseBadge(info: PauseInfo): string {
  if (info.reason.kind === 'freeze') return l10n.t('Held');
  return l10n.t('Paused on {0}', info.error === 'unpicklable' ? info.error : operationText(info));
}

/** What VS Code shows below the line of a stop that is an error; null: it is none. */
export function errorOf(info: PauseInfo): { readonly id: string; readonly description: string } | null {
  if (info.error === null && info.op !== 'badEnd') return null;
  return { id: operationText(info), description: info.text };
}

/** The sentence, and what to do. */
export function findingLines(finding: Finding): readonly [string, string] {
  const { message, advice } = findingText(finding);
  return [message, advice];
}

/** "In tasks.get() 3.2 s": where a badge must leave room for the name of its process. */
export function waitingBadge(wait: Wait, nowMs: number): string {
  return l10n.t('In {0} {1}', callText(wait), elapsed(nowMs - wait.sinceMs));
}
