import type { Blocked } from '../model/entities/blocked';
import { count, quoted, who } from './text';
import type { Check, Draft, Scene } from './types';

/** A process is waited for whose queue's feeder cannot get rid of its items, and whoever could take them waits too. */
export const joinBeforeDrain: Check = { code: 'join-before-drain', kind: 'hang', check };

function check({ waits, explained }: Scene): Draft[] {
  const found: Draft[] = [];
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
      message:
        `${who(join.process)} waits for ${who(child)} to end, but that cannot end: ${count(items, 'item')} that it put into ` +
        `${quoted(channel)} ${items === 1 ? 'is' : 'are'} still in its feeder thread, the pipe is full, and nobody takes from it.`,
      advice: `Take everything out of ${quoted(channel)} before joining the processes that put into it.`,
      processes: [join.process, child],
      channels: [channel],
      evidence: [
        { line: join.line, caption: `${who(join.process)} waits here for ${who(child)}`, process: join.process },
        { line: puts, caption: `${who(child)} put here what nobody takes`, process: child },
        { line: channel.line, caption: `${quoted(channel)} is made here`, process: channel.createdBy },
      ],
      since: Math.max(join.since, feeder.since),
    });
  }
  return found;
}

function feeds(wait: Blocked): boolean {
  return wait.operation === 'send' && wait.channel?.isQueue === true && wait.thread !== 'MainThread';
}
