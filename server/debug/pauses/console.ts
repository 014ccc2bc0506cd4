/** What the debug console understands beside Python: what is to happen to the message that a thread is paused at. */
import * as l10n from '@vscode/l10n';
import { refused } from '../errors';
import type { MessageIntent } from './pausedThread';

/** replace: a Python expression for the message. help: how to write them. */
export type ConsoleCommand =
  | { readonly kind: 'intent'; readonly intent: MessageIntent }
  | { readonly kind: 'replace'; readonly expression: string }
  | { readonly kind: 'help' };

/** @returns null: it is Python. @throws DebugError for a command that is not complete */
export function consoleCommand(text: string): ConsoleCommand | null {
  const found = /^\.(drop|twice|keep|delay|replace|help)\b\s*([\s\S]*)$/.exec(text);
  if (found === null) return null;
  const [, word, rest = ''] = found;
  switch (word) {
    case 'help':
      return { kind: 'help' };
    case 'drop':
      return { kind: 'intent', intent: { drop: true } };
    case 'twice':
      return { kind: 'intent', intent: { twice: true } };
    case 'keep':
      return { kind: 'intent', intent: { drop: false, twice: false, delay: 0 } };
    case 'delay':
      return { kind: 'intent', intent: { delay: secondsOf(rest) } };
    default:
      return { kind: 'replace', expression: rest };
  }
}

export const consoleHelp = (): string =>
  l10n.t('.drop  .twice  .delay SECONDS  .replace EXPRESSION  .keep (as it was). Everything else is Python.');

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (!(seconds >= 0 && seconds <= 3600)) throw refused(l10n.t('Write the seconds: .delay 2'));
  return seconds;
}
