import { keyOf, waitsWithin } from './cycles';
import { blockedHere } from './evidence';
import { channelRef, processRefs } from './refs';
import type { Candidate, Check, CheckContext } from './types';

/** All ends of the pipes are blocked in send: every buffer is full and no process receives. */
export const bothSend: Check<'both-send'> = { code: 'both-send', kind: 'hang', check };

function check({ waits, explained }: CheckContext): Candidate<'both-send'>[] {
  return waits.cycles().flatMap((cycle): Candidate<'both-send'>[] => {
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
        params: { processes: processRefs(cycle), pipes: channels.map(channelRef), bytes: flying },
        processes: cycle,
        channels,
        evidence: blocked.map((each) => blockedHere(each)),
        since: Math.max(...blocked.map((each) => each.since)),
      },
    ];
  });
}
