/** Names and times as lenses, hints and hovers say them. */
import * as l10n from '@vscode/l10n';
import type { ChannelKind, ChannelStatus, ProcessStatus } from '../../protocol/views';
import { elapsed } from '../../shared/format';

/** "a, b and c"; of many the first ones. */
export function names(all: readonly string[], most = 3): string {
  if (all.length > most) {
    const shown = all.slice(0, most - 1).join(', ');
    return l10n.t('{0} and {1} more', shown, all.length - most + 1);
  }
  return all.join(', ');
}

export function isQueue(kind: ChannelKind): boolean {
  return kind !== 'Pipe' && kind !== 'Connection';
}

/** Ids of the processes that put or sent, and of those that got or received. */
export function parties(all: readonly ChannelStatus[]): { producers: Set<string>; consumers: Set<string> } {
  const producers = new Set<string>();
  const consumers = new Set<string>();
  for (const { endpoints } of all) {
    for (const { processId, sends, receives } of endpoints) {
      if (sends > 0) producers.add(processId);
      if (receives > 0) consumers.add(processId);
    }
  }
  return { producers, consumers };
}

/** "exited with 1", "killed by SIGKILL", "waits for 3.2 s" @param nowMs since the session began */
export function stateText(status: ProcessStatus, nowMs: number): string {
  const { state, exitCode, signal, waits } = status;
  switch (state) {
    case 'exited':
      return exitCode === null ? l10n.t('exited') : l10n.t('exited with {0}', exitCode);
    case 'killed':
      return l10n.t('killed by {0}', signal ?? '?');
    case 'lost':
      return l10n.t('gone');
    case 'paused':
      return l10n.t('stopped');
    case 'waiting': {
      const [wait] = waits;
      if (wait === undefined) return l10n.t('waits');
      return l10n.t('waits in {0} {1} for {2}', wait.operation, wait.on, elapsed(nowMs - wait.sinceMs));
    }
    case 'running':
      return l10n.t('runs');
  }
}
