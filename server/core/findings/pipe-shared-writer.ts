import type { Use } from '../model/entities/channel';
import { channelCreated, doesHere } from './evidence';
import { channelRef, processRef } from './refs';
import type { Candidate, Check, CheckContext } from './types';

/** Several processes send into the same end of a pipe in turn without a lock. */
export const pipeSharedWriter: Check<'pipe-shared-writer'> = { code: 'pipe-shared-writer', kind: 'fact', check };

/** One or two changes of the sender may be a handoff by agreement. */
const CHANGES = 3;

function check({ model }: CheckContext): Candidate<'pipe-shared-writer'>[] {
  return model.channels.all.flatMap((channel): Candidate<'pipe-shared-writer'>[] => {
    if (channel.kind !== 'Pipe' || channel.owner !== 'user') return [];
    return channel.shared.flatMap((end, side) => {
      if (end.changes < CHANGES || end.pair === null) return [];
      const users: readonly Use[] = end.pair;
      const [before, last] = end.pair;
      return [
        {
          key: `${channel.id} ${side}`,
          severity: 'warning',
          params: {
            first: processRef(before.process),
            second: processRef(last.process),
            pipe: channelRef(channel),
            end: channel.names?.[side] ?? '',
            turns: end.changes,
          },
          processes: users.map((each) => each.process),
          channels: [channel],
          evidence: [...users.map((each) => doesHere('sends', each.process, each.lastLine)), channelCreated(channel)],
          since: end.since,
        },
      ];
    });
  });
}
