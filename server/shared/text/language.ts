/** The language of all texts: one for each process of ours, and for the panel. */
import * as l10n from '@vscode/l10n';

/** Texts by their English original, as `vscode.l10n.bundle` has them. */
export type Bundle = Record<string, string | { message: string; comment: string[] }>;

const ENGLISH: Bundle = {};
let inUse: Bundle = ENGLISH;

/** All texts from now on use this bundle. */
export function useBundle(bundle: Bundle): void {
  inUse = bundle;
  l10n.config({ contents: bundle });
}

/** Makes texts in English whatever the language: for files whose readers are programs. @param make must not wait for anything */
export function inEnglish<T>(make: () => T): T {
  l10n.config({ contents: ENGLISH });
  try {
    return make();
  } finally {
    l10n.config({ contents: inUse });
  }
}
