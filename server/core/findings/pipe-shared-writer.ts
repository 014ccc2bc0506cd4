import type { Use } from '../model/entities/channel';
import { quoted, who } from './text';
import type { Check, Draft, Scene } from './types';

/** Several processes send into the same end of a pipe in turn, and no lock keeps them apart. */
export const pipeSharedWriter: Check = { code: 'pipe-shared-writer', kind: 'fact', check };

/** One hands over to the other once or twice: that may be agreed between them. */
const CHANGES = 3;

function check({ model }: Scene): Draft[] {
  return model.channels.all.flatMap((channel) => {
    if (channel.kind !== 'Pipe' || channel.owner !== 'user') return [];
    return channel.shared.flatMap((end, side) => {
      if (end.changes < CHANGES || end.pair === null) return [];
      const users: readonly Use[] = end.pair;
      const [before, last] = end.pair;
      const name = channel.names?.[side] ?? '';
      return [
        {
          key: `${channel.id} ${side}`,
          severity: 'warning',
          message: `${who(before.process)} and ${who(last.process)} send into the same end${name === '' ? '' : ` '${name}'`} of pipe ${quoted(channel)} without a lock: they took turns ${end.changes} times, and when both write at once their messages are mixed up.`,
          advice: 'Give every process a pipe of its own, send under one Lock, or use a Queue, which many may put into.',
          processes: users.map((each) => each.process),
          channels: [channel],
          evidence: [
            ...users.map((each) => ({
              line: each.lastLine,
              caption: `${who(each.process)} sends here`,
              process: each.process,
            })),
            { line: channel.line, caption: `pipe ${quoted(channel)} is made here`, process: channel.createdBy },
          ],
          since: end.since,
        },
      ];
    });
  });
}
