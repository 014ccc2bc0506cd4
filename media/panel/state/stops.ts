/** Processes paused by a debugger at an operation, and changes to messages. */

import type {
  DeveloperAction,
  DeveloperIntent,
  MessageRow,
  ProcessId,
  ProcessMeta,
  StopView,
} from '../../../server/protocol/views';
import type { SessionView } from '../../../server/shared/sessionView';
import { t } from '../strings';

export interface StoppedProcess {
  readonly process: ProcessMeta;
  readonly stop: StopView;
}

export function stoppedOf(session: SessionView): readonly StoppedProcess[] {
  return [...session.processStatus.values()].flatMap((status) => {
    const process = session.processes.get(status.id);
    return status.stop === undefined || process === undefined ? [] : [{ process, stop: status.stop }];
  });
}

/** Visible rows whose receivers are paused with them: message → receiver. */
export function heldRows(
  rows: readonly (MessageRow | null)[],
  stopped: readonly StoppedProcess[],
): ReadonlyMap<number, ProcessId> {
  const held = new Map<number, ProcessId>();
  for (const { process, stop } of stopped) {
    if (stop.phase !== 'after') continue;
    const mine = rows.filter((row) => row !== null && row.to === process.id && row.channelId === stop.channelId);
    const last = mine.reduce(
      (best, row) => ((row?.receivedAtMs ?? 0) >= (best?.receivedAtMs ?? 0) ? row : best),
      mine[0],
    );
    if (last != null) held.set(last.id, process.id);
  }
  return held;
}

export function intentText(intent: DeveloperIntent): string {
  switch (intent) {
    case 'replace':
      return t('edited');
    case 'drop':
      return t('dropped');
    case 'duplicate':
      return t('duplicated');
    case 'delay':
      return t('delayed');
  }
}

/** "producer: put of tasks dropped" */
export function actionText(session: SessionView, action: DeveloperAction): string {
  const process = session.processes.get(action.processId)?.name ?? action.processId;
  const channel = action.channelId === null ? '' : (session.channels.get(action.channelId)?.name ?? '');
  return channel === ''
    ? t('{0}: {1} {2}', process, action.operation, intentText(action.action))
    : t('{0}: {1} of {2} {3}', process, action.operation, channel, intentText(action.action));
}
