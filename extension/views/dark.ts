/** What rows and tooltips say of a Python process in which nothing is recorded. */

import * as l10n from '@vscode/l10n';
import type { DarkReason } from '../../server/protocol/dark';

/** For a row: "not recorded (-I)". */
export function darkText(why: DarkReason): string {
  switch (why) {
    case 'isolated':
      return l10n.t('not recorded ({0})', '-I');
    case 'ignores-environment':
      return l10n.t('not recorded ({0})', '-E');
    case 'no-site':
      return l10n.t('not recorded ({0})', '-S');
    case 'other-user':
      return l10n.t('not recorded (another user)');
    case 'no-folder':
    case 'silent':
      return l10n.t('not recorded');
  }
}

/** For a tooltip: why. The same in English as the command line's (server/protocol/dark.ts), which a test holds against it. */
export function darkSentence(why: DarkReason): string {
  switch (why) {
    case 'isolated':
      return l10n.t('Not recorded: it was started with -I, which ignores the variables that load Forkscope.');
    case 'ignores-environment':
      return l10n.t('Not recorded: it was started with -E, which ignores the variables that load Forkscope.');
    case 'no-site':
      return l10n.t('Not recorded: it was started with -S, which skips the start-up hook that loads Forkscope.');
    case 'other-user':
      return l10n.t('Not recorded: it runs as another user, without access to the session folder.');
    case 'no-folder':
      return l10n.t('Not recorded: it cannot see the session folder, as in a chroot or a container.');
    case 'silent':
      return l10n.t(
        'Not recorded: it never loaded Forkscope. It ended too soon, cannot see Forkscope’s files (a container, chroot), or its launcher cleared the environment.',
      );
  }
}
