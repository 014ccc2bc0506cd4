import type { Blocked } from '../model/entities/blocked';
import { blockedHere, channelCreated, doesHere } from './evidence';
import { channelRef, processRef } from './refs';
import type { Candidate, Check, CheckContext } from './types';

/** A process is joined while its queue's feeder still holds items, and every process that could get them is blocked too. */
export const joinBeforeDrain: Check<'join-before-drain'> = { code: 'join-before-drain', kind: 'hang', check };

function check({ waits, explained }: CheckContext): Candidate<'join-before-drain'>[] {
  const found: Candidate<'join-before-drain'>[] = [];
  for (const join of waits.all) {
    const child = join.joined;
    if (child === null || !waits.stuck.has(join.process) || !waits.stuck.has(child)) continue;
    const feeder = waits.of(child).find((each) => feeds(each));
    if (feeder?.channel == null) continue;
    const { channel } = feeder;
    const order = child.image === null ? undefined : channel.putOrders.get(child.image.number);
    const items = Math.max(1, (order?.puts.length ?? 0) / 2);
    const puts = order?.lastLine ?? 0;
    for (const each of [join.process, child]) explained.add(each);
    found.push({
      key: `${join.process.id} ${child.id} ${channel.id}`,
      severity: 'error',
      params: { joiner: processRef(join.process), child: processRef(child), queue: channelRef(channel), items },
      processes: [join.process, child],
      channels: [channel],
      evidence: [blockedHere(join), doesHere('puts', child, puts), channelCreated(channel)],
      since: Math.max(join.since, feeder.since),
    });
  }
  return found;
}

function feeds(wait: Blocked): boolean {
  return wait.operation === 'send' && wait.channel?.isQueue === true && wait.thread !== 'MainThread';
}
