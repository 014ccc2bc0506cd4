import type { Blocked } from '../model/entities/blocked';
import { type Channel, directionOf, type Use } from '../model/entities/channel';
import type { Process } from '../model/entities/process';
import { reaches, type Waits } from '../model/query/waits';
import { type Rouser, rouserOf } from './signalled';
import { doing, list, quoted, who } from './text';
import type { Check, Draft, Scene } from './types';

/** A reader waits for the end of a pipe whose writing end is still open somewhere, in processes that will not write. */
export const eofNever: Check = { code: 'eof-never', kind: 'hang', check };

function check({ waits, explained }: Scene): Draft[] {
  const found: Draft[] = [];
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
    found.push(draft(wait, channel, holders, sent, rouserOf(waits, [process], [wait])));
  }
  return found;
}

function draft(
  wait: Blocked,
  channel: Channel,
  holders: readonly Process[],
  sent: number,
  rouser: Rouser | null,
): Draft {
  const { process } = wait;
  const self = holders.length === 1 && holders[0] === process;
  const holding = list(holders.map((each) => (each === process ? 'it' : who(each))));
  const has = self || holders.length > 1 ? 'have' : 'has';
  const inherited = holders.filter((each) => channel.uses.some((use) => use.process === each && use.inherited));
  return {
    key: `${process.id} ${channel.id} ${wait.since}`,
    severity: rouser?.severity ?? 'error',
    untilSignal: rouser?.severity === 'info',
    message:
      (self
        ? `${who(process)} waits for the next message or the end of pipe ${quoted(channel)} after ${sent} messages, but the end never comes: it has the writing end open itself.`
        : `${who(process)} waits for the next message or the end of pipe ${quoted(channel)} after ${sent} messages, but the end never comes: ${holding} still ${has} the writing end open.`) +
      (rouser?.sentence ?? ''),
    advice:
      'Close the writing end in every process that does not write, right after the processes that do are started.',
    processes: [process, ...holders.filter((each) => each !== process)],
    channels: [channel],
    evidence: [
      { line: wait.line, caption: `${who(process)} waits here: ${doing(wait)}`, process },
      { line: channel.line, caption: 'the pipe is made here', process: channel.createdBy },
      ...inherited.map((each) => ({
        line: each.line,
        caption: `${who(each)} has inherited the writing end since it was started here`,
        process: each.parent,
      })),
      ...(rouser?.evidence ?? []),
    ],
    since: wait.since,
  };
}

function writers(channel: Channel, wait: Blocked): Use[] {
  return channel.uses.filter((each) => reaches(each, wait, 'w'));
}

/** Whether this holder of the writing end does nothing but wait for the reader, or for the end of the same pipe. */
function onlyHolds(use: Use, reader: Process, waits: Waits): boolean {
  return (
    waits.stuck.has(use.process) &&
    waits.of(use.process).some((each) => each.joined === reader || each.anyChild || each.channel === use.channel)
  );
}
