import * as l10n from '@vscode/l10n';
import { useBundle } from '../../server/shared/text/language';

/** The catalog of the user's language, for the panel's own texts and those shared with the server. */
export function setStrings(contents: Record<string, string>): void {
  useBundle(contents);
}
/** The text in the user's language; `{0}` and so on are replaced. The English text is the key. */
export function t(text: string, ...args: readonly (string | number)[]): string {
  return l10n.t(text, ...args);
}
