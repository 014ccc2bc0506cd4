/** How a process is, in a few words. */
import * as l10n from '@vscode/l10n';
import type { ProcessStatus } from '../../protocol/views';
import { baseName } from '../format';
import { endText } from './names';
import { blockedText, shownWait } from './waits';

/** "running", "blocked in tasks.get() for 3.2 s", "paused at worker.py:12", "exited with code 1" @param nowMs since the session began */
export function stateText(status: ProcessStatus | undefined, nowMs: number): string {
  switch (status?.state) {
    case undefined:
    case 'running':
      return l10n.t('running');
    case 'waiting': {
      const wait = shownWait(status);
      return wait === undefined ? l10n.t('blocked') : blockedText(wait, nowMs);
    }
    case 'paused':
      return pausedText(status);
    case 'exited':
    case 'killed':
    case 'lost':
      return endText(status);
  }
}

/** "paused at worker.py:12" */
export function pausedText({ pausedAt }: Pick<ProcessStatus, 'pausedAt'>): string {
  return pausedAt ? l10n.t('paused at {0}', `${baseName(pausedAt.file)}:${pausedAt.line}`) : l10n.t('paused');
}
