import type { Blocked } from '../model/entities/blocked';
import type { Channel, Use } from '../model/entities/channel';
import { directionOf } from '../model/entities/channel';
import type { Process } from '../model/entities/process';
import { reaches, type Waits } from '../model/query/waits';
import { blockedHere, channelCreated } from './evidence';
import { channelRef, processRef, processRefs } from './refs';
import { type Rouser, rouserOf } from './signalled';
import type { Candidate, Check, CheckContext, Evidence } from './types';

/** A reader waits for the end of a pipe whose write end is still open in processes that will not write. */
export const eofNever: Check<'eof-never'> = { code: 'eof-never', kind: 'hang', check };

function check({ waits, explained }: CheckContext): Candidate<'eof-never'>[] {
  const found: Candidate<'eof-never'>[] = [];
  for (const wait of waits.all) {
    const { channel, process } = wait;
    if (wait.operation !== 'recv' || channel === null || channel.kind !== 'Pipe' || channel.owner !== 'user') continue;
    if (!waits.stuck.has(process)) continue;
    const open = writers(channel, wait).filter((each) => waits.isOpen(each) && waits.lives(each.process));
    const mine = open.filter((each) => each.process === process);
    const others = open.filter((each) => each.process !== process);
    const sent = (wait.end === null ? channel.directions[0] : directionOf(wait.end, false)).sends;
    const idle = others.every((each) => onlyHolds(each, process, waits));
    const forgotten = others.length === 0 ? mine.length > 0 : !channel.duplex && sent > 0 && idle;
    if (!forgotten) continue;
    const holders = [...new Set(open.map((each) => each.process))];
    for (const each of [process, ...holders]) explained.add(each);
    found.push(candidate(wait, channel, holders, sent, rouserOf(waits, [process], [wait])));
  }
  return found;
}

function candidate(
  wait: Blocked,
  channel: Channel,
  holders: readonly Process[],
  sent: number,
  rouser: Rouser | null,
): Candidate<'eof-never'> {
  const { process } = wait;
  const inherited = holders.filter((each) => channel.uses.some((use) => use.process === each && use.inherited));
  return {
    key: `${process.id} ${channel.id} ${wait.since}`,
    severity: rouser?.severity ?? 'error',
    untilSignal: rouser?.severity === 'info',
    params: {
      reader: processRef(process),
      pipe: channelRef(channel),
      messages: sent,
      holders: processRefs(holders),
      rouser: rouser?.ref ?? null,
    },
    processes: [process, ...holders.filter((each) => each !== process)],
    channels: [channel],
    evidence: [
      blockedHere(wait),
      channelCreated(channel),
      ...inherited.map(
        (each): Evidence => ({
          line: each.line,
          caption: { kind: 'inherited end', process: processRef(each) },
          process: each.parent,
        }),
      ),
      ...(rouser?.evidence ?? []),
    ],
    since: wait.since,
  };
}

function writers(channel: Channel, wait: Blocked): Use[] {
  return channel.uses.filter((each) => reaches(each, wait, 'w'));
}

/** Whether this holder of the write end only waits for the reader or for the end of the same pipe. */
function onlyHolds(use: Use, reader: Process, waits: Waits): boolean {
  return (
    waits.stuck.has(use.process) &&
    waits.of(use.process).some((each) => each.joined === reader || each.anyChild || each.channel === use.channel)
  );
}
