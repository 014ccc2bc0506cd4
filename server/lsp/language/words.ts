/** Names as lenses, hints and hovers say them. */
import * as l10n from '@vscode/l10n';
import type { ChannelKind, ChannelStatus } from '../../protocol/views';

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
