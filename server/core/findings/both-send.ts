import { evidenceOf, keyOf, waitsWithin } from './cycles';
import { bytes, list, quoted, who } from './text';
import type { Check, Draft, Scene } from './types';

/** The ends of pipes are all blocked in send: everybody's buffer is full, and nobody receives. */
export const bothSend: Check = { code: 'both-send', kind: 'hang', check };

function check({ waits, explained }: Scene): Draft[] {
  return waits.cycles().flatMap((cycle) => {
    if (cycle.length < 2 || cycle.some((each) => explained.has(each))) return [];
    const blocked = waitsWithin(waits, cycle);
    if (!blocked.every((each) => each.operation === 'send' && each.channel?.isQueue === false)) return [];
    for (const each of cycle) explained.add(each);
    const channels = [...new Set(blocked.flatMap((each) => each.channel ?? []))];
    const flying = channels.reduce((sum, each) => sum + Math.max(0, each.bytesSent - each.bytesReceived), 0);
    return [
      {
        key: keyOf(blocked),
        severity: 'error',
        message: `${list(cycle.map(who))} all send into ${list(channels.map((each) => quoted(each)))} and nobody receives: the pipe's buffers are full${flying > 0 ? ` (${bytes(flying)} not received)` : ''}.`,
        advice:
          'Let one side receive while the other sends: take turns, receive in a thread, or send less than a pipe holds (64 KiB on Linux).',
        processes: cycle,
        channels,
        evidence: evidenceOf(blocked),
        since: Math.max(...blocked.map((each) => each.since)),
      },
    ];
  });
}
