import type { Blocked } from '../model/entities/blocked';
import type { Channel } from '../model/entities/channel';
import type { Process } from '../model/entities/process';
import { isServant } from '../model/query/servants';
import { reaches, type Waits } from '../model/query/waits';
import { rouserOf } from './signalled';
import { doing, howItEnded, list, quoted, who } from './text';
import type { Check, Draft, Evidence, Scene } from './types';

/** A process waits for something from a channel, and everybody who could send it is gone. */
export const stuckGet: Check = { code: 'stuck-get', kind: 'hang', check };

const WAITS = ['get', 'recv', 'poll', 'queue.join'];
const READS = ['get', 'recv'];

function check({ waits, explained }: Scene): Draft[] {
  return waits.all.flatMap((wait) => {
    const { process, channel } = wait;
    if (channel === null || channel.owner !== 'user' || !WAITS.includes(wait.operation)) return [];
    if (!waits.stuck.has(process) || explained.has(process)) return [];
    const others = waits.living(wait).map((each) => each.process);
    if (!others.every((each) => onlyReads(each, channel, waits))) return [];
    const readers = [process, ...others];
    for (const each of readers) explained.add(each);
    const gone = lateHolders(wait, waits);
    const letGo = gone.length > 0 ? [] : closers(wait, waits);
    const ends = [
      ...gone.slice(0, 4).map((each) => `${who(each)} is ${howItEnded(each)}`),
      ...letGo.slice(0, 4).map((each) => closed(each, process, waits)),
    ];
    const nobody = ends.length === 0 ? 'no other process has it' : list(ends);
    const rouser = rouserOf(waits, readers, [wait]);
    const one = readers.length === 1;
    const couldEnd =
      wait.operation === 'queue.join'
        ? 'nobody is left who could mark its items done'
        : one
          ? 'nobody is left who could send'
          : 'nobody is left who ever sent';
    const failed = gone.some((each) => each.state !== 'exited' || each.exitCode !== 0);
    return [
      {
        key: `${process.id} ${channel.id} ${wait.since}`,
        severity: rouser === null ? 'error' : failed ? 'warning' : rouser.severity,
        untilSignal: rouser !== null && !failed,
        message: `${list(readers.slice(0, 4).map(who))}${readers.length > 4 ? ' and others' : ''} wait${one ? 's' : ''} in ${doing(wait)}, but ${couldEnd}: ${nobody}.${rouser?.sentence ?? ''}`,
        advice:
          gone.length === 0
            ? `Say that nothing more comes before the last process that could send closes ${quoted(channel)}: put a last item into it, for example None.`
            : `Find out why the senders ended without telling, and let them say so: put a last message into ${quoted(channel)} in a finally block, or use get with a time-out and look whether they live.`,
        processes: [...readers, ...gone, ...letGo],
        channels: [channel],
        evidence: [
          ...readers.slice(0, 8).flatMap((each) => readsHere(each, channel, waits)),
          ...gone
            .slice(0, 4)
            .map((each) => ({ line: each.line, caption: `${who(each)} was started here`, process: each.parent })),
          ...letGo.flatMap((each) => waitFor(each, process, waits)),
          { line: channel.line, caption: `${quoted(channel)} is made here`, process: channel.createdBy },
          ...(rouser?.evidence ?? []),
        ],
        since: wait.since,
      },
    ];
  });
}

/** The processes that could have ended this wait and are gone: those that still had the end open, else all that ever had it. */
function lateHolders(wait: Blocked, waits: Waits): Process[] {
  const open = (waits.holders.get(wait) ?? []).map((each) => each.process).filter((each) => !waits.lives(each));
  const sent = open.filter((each) => hasSent(each, wait.channel));
  if (open.length > 0) return sent.length > 0 ? sent : open;
  const need = wait.operation === 'queue.join' ? 'r' : 'w';
  const uses = wait.channel?.uses ?? [];
  const had = uses.filter((use) => use.process !== wait.process && use.process.ended && reaches(use, wait, need));
  return [...new Set(had.map((use) => use.process))];
}

function hasSent(process: Process, channel: Channel | null): boolean {
  return channel?.uses.some((use) => use.process === process && use.sends > 0) === true;
}

/** Whether this process has the writing end of a queue only because it reads it, as every process does that has the queue. */
export function onlyReads(process: Process, channel: Channel, waits: Waits): boolean {
  if (!(channel.isQueue || channel.kind === 'SimpleQueue') || hasSent(process, channel)) return false;
  const own = waits.of(process).filter((each) => !isServant(each));
  return own.length > 0 && own.every((each) => each.channel === channel && READS.includes(each.operation));
}

function readsHere(process: Process, channel: Channel, waits: Waits): Evidence[] {
  const wait = waits.of(process).find((each) => each.channel === channel);
  return wait === undefined ? [] : [{ line: wait.line, caption: `${who(process)} waits here`, process }];
}

/** Living processes that could have ended this wait, and have closed what they had of the channel. */
function closers(wait: Blocked, waits: Waits): Process[] {
  const need = wait.operation === 'queue.join' ? 'r' : 'w';
  const uses = wait.channel?.uses ?? [];
  const had = uses.filter((use) => use.process !== wait.process && !waits.isOpen(use) && reaches(use, wait, need));
  return [...new Set(had.map((use) => use.process))].filter((each) => waits.lives(each));
}

/** "main (pid 1) has closed it and waits for consumer (pid 2) to end": as multiprocessing's own end of a process does. */
function closed(process: Process, waiting: Process, waits: Waits): string {
  const joins = waits.of(process).some((each) => each.joined === waiting);
  return `${who(process)} has closed it${joins ? ` and waits for ${who(waiting)} to end` : ''}`;
}

function waitFor(process: Process, waiting: Process, waits: Waits): Evidence[] {
  const join = waits.of(process).find((each) => each.joined === waiting);
  if (join === undefined) return [];
  return [{ line: join.line, caption: `${who(process)} waits here for ${who(waiting)}`, process }];
}
