import * as v from '../../../protocol/vocabulary';
import type { Channel } from '../entities/channel';

const OUTCOMES: Readonly<Record<number, keyof Channel['outcomes']>> = {
  [v.OUTCOME_FULL]: 'Full',
  [v.OUTCOME_EMPTY]: 'Empty',
  [v.OUTCOME_EOFERROR]: 'EOFError',
  [v.OUTCOME_BROKEN_PIPE_ERROR]: 'BrokenPipeError',
  [v.OUTCOME_TIMEOUT]: 'timeout',
};

/** Counts failed calls: one, or many that were recycled before they were read. */
export function countOutcome(channel: Channel, kind: number, outcome: number, count = 1): void {
  // A queue's get that fails in its receive has its own get event.
  if (kind === v.KIND_RECV && channel.isQueue) return;
  if (outcome === v.OUTCOME_UNREAD) channel.unread += count;
  // A SimpleQueue's get is counted by its receive.
  if (kind === v.KIND_GET && channel.kind === 'SimpleQueue') return;
  const name = OUTCOMES[outcome];
  if (name !== undefined) channel.outcomes[name] += count;
}
