import { channelCreated } from './evidence';
import { channelRef, processRef } from './refs';
import type { Candidate, Check, CheckContext } from './types';

/** The program repeatedly sends messages of many megabytes. Each is pickled, copied through a pipe and unpickled. */
export const bigPayload: Check<'big-payload'> = { code: 'big-payload', kind: 'fact', check };

const MESSAGES = 3;
const BYTES = 64 * 2 ** 20;

function check({ model }: CheckContext): Candidate<'big-payload'>[] {
  return model.channels.all.flatMap((channel): Candidate<'big-payload'>[] => {
    const { big } = channel;
    if (channel.owner !== 'user' || (big.count < MESSAGES && big.bytes < BYTES)) return [];
    const process = model.processes.images[big.image]?.process;
    if (process === undefined) return [];
    return [
      {
        key: channel.id,
        severity: 'info',
        params: {
          channel: channelRef(channel),
          messages: big.count,
          bytes: big.bytes,
          largest: big.largest,
          sender: processRef(process),
        },
        processes: [process],
        channels: [channel],
        evidence: [
          { line: big.line, caption: { kind: 'largest message', bytes: big.largest }, process },
          channelCreated(channel),
        ],
        since: big.since,
      },
    ];
  });
}
