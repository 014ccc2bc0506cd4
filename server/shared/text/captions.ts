/** What happens at the lines that show a finding. */
import * as l10n from '@vscode/l10n';
import type { Caption } from '../../protocol/findingParams';
import { bytes } from '../format';
import { callText } from './calls';
import { channelName, processName } from './names';

/** "worker (pid 4711) is blocked here in tasks.get()" */
export function captionText(caption: Caption | string): string {
  if (typeof caption === 'string') return caption;
  switch (caption.kind) {
    case 'channel created':
      return l10n.t('{0} is created here', channelName(caption.channel));
    case 'pool created':
      return l10n.t('{0} is created here', caption.pool);
    case 'tasks submitted':
      return caption.tasks === 1
        ? l10n.t('the task was submitted here')
        : l10n.t('{0} tasks were submitted here', caption.tasks);
    case 'largest message':
      return l10n.t('the largest one was sent here ({0})', bytes(caption.bytes));
    case 'thread at fork':
      return l10n.t('thread {0} was here at the fork', caption.thread);
    default:
      return processCaption(caption, processName(caption.process));
  }
}

function processCaption(caption: Extract<Caption, { readonly process: unknown }>, process: string): string {
  switch (caption.kind) {
    case 'blocked':
      return l10n.t('{0} is blocked here in {1}', process, callText(caption.call));
    case 'process started':
      return l10n.t('{0} was started here', process);
    case 'puts':
      return l10n.t('{0} puts here', process);
    case 'gets':
      return l10n.t('{0} gets here', process);
    case 'sends':
      return l10n.t('{0} sends here', process);
    case 'forks':
      return l10n.t('{0} forks here', process);
    case 'imports main':
      return l10n.t('{0} got here while it imported the main module', process);
    case 'died with lock':
      return l10n.t('{0} acquired it here and died with it', process);
    case 'died in get':
      return l10n.t('{0} was in this get() when it died', process);
    case 'inherited end':
      return l10n.t('{0} inherited the writing end when it was started here', process);
    case 'unpicklable item':
      return caption.times === 1
        ? l10n.t('{0} put an unpicklable item here', process)
        : l10n.t('{0} put unpicklable items here, {1} times', process, caption.times);
    case 'unpicklable start':
      return l10n.t('{0} starts {1} here', process, caption.name);
    case 'signal handler':
      return l10n.t('the handler of {0} for {1} is set here', process, caption.signal);
  }
}
