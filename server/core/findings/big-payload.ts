import { bytes, count, quoted, who } from './text';
import type { Check, Draft, Scene } from './types';

/** Messages of many megabytes, again and again: each is pickled, copied through a pipe and unpickled. */
export const bigPayload: Check = { code: 'big-payload', kind: 'fact', check };

const MESSAGES = 3;
const BYTES = 64 * 2 ** 20;

function check({ model }: Scene): Draft[] {
  return model.channels.all.flatMap((channel) => {
    const { big } = channel;
    if (channel.owner !== 'user' || (big.count < MESSAGES && big.bytes < BYTES)) return [];
    const process = model.processes.images[big.image]?.process;
    if (process === undefined) return [];
    return [
      {
        key: channel.id,
        severity: 'info',
        message: `${count(big.count, 'message')} of ${bytes(big.bytes / big.count)} on average went through ${quoted(channel)}, the largest of ${bytes(big.largest)} from ${who(process)}: each is pickled, copied and unpickled.`,
        advice:
          'Keep large data in multiprocessing.shared_memory (or a memory-mapped file) and send only its name, or let the receiver load it.',
        processes: [process],
        channels: [channel],
        evidence: [
          { line: big.line, caption: `the largest one was sent here (${bytes(big.largest)})`, process },
          { line: channel.line, caption: `${quoted(channel)} is made here`, process: channel.createdBy },
        ],
        since: big.since,
      },
    ];
  });
}
