/** Processes, channels and lists of them as sentences name them. */
import * as l10n from '@vscode/l10n';
import type { ChannelRef, EndedRef, ProcessRef } from '../../protocol/findingParams';
import { fullCount } from '../format';

/** "worker-1 (pid 4711)" */
export function processName({ name, pid }: ProcessRef): string {
  return name === '' ? l10n.t('pid {0}', pid) : l10n.t('{0} (pid {1})', name, pid);
}

export function processNames(all: readonly ProcessRef[]): string {
  return list(all.map(processName));
}

/** "worker-1 (pid 4711, killed by SIGKILL)" */
export function endedName(process: EndedRef): string {
  const { name, pid } = process;
  return name === ''
    ? l10n.t('pid {0} ({1})', pid, endText(process))
    : l10n.t('{0} (pid {1}, {2})', name, pid, endText(process));
}

/** How a process ended: "killed by SIGKILL", "exited with code 1". */
export function endText({ exitCode, signal }: Pick<EndedRef, 'exitCode' | 'signal'>): string {
  if (signal !== null) return l10n.t('killed by {0}', signal);
  return exitCode === null ? l10n.t('exited with unknown status') : l10n.t('exited with code {0}', exitCode);
}

/** "'tasks'" */
export function channelName({ name, queue }: ChannelRef): string {
  if (name !== '') return l10n.t("'{0}'", name);
  return queue ? l10n.t('the queue') : l10n.t('the pipe');
}

/** "a, b and c" */
export function list(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : l10n.t('{0} and {1}', words.slice(0, -1).join(l10n.t(', ')), last);
}

/** "1 item", "1,936 items" */
export function items(n: number): string {
  return n === 1 ? l10n.t('1 item') : l10n.t('{0} items', fullCount(n));
}
export function tasks(n: number): string {
  return n === 1 ? l10n.t('1 task') : l10n.t('{0} tasks', fullCount(n));
}
export function messages(n: number): string {
  return n === 1 ? l10n.t('1 message') : l10n.t('{0} messages', fullCount(n));
}
