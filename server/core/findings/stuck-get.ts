import { type Blocked, callOf } from '../model/entities/blocked';
import type { Channel } from '../model/entities/channel';
import type { Process } from '../model/entities/process';
import { isServant } from '../model/query/servants';
import { reaches, type Waits } from '../model/query/waits';
import { blockedHere, channelCreated, startedHere } from './evidence';
import { channelRef, endedRef, processRef, processRefs } from './refs';
import { rouserOf } from './signalled';
import type { Candidate, Check, CheckContext, Evidence } from './types';

/** A process waits for a message on a channel, and every process that could send it is gone. */
export const stuckGet: Check<'stuck-get'> = { code: 'stuck-get', kind: 'hang', check };

const WAITS = ['get', 'recv', 'poll', 'queue.join'];
const READS = ['get', 'recv'];

function check({ waits, explained }: CheckContext): Candidate<'stuck-get'>[] {
  return waits.all.flatMap((wait): Candidate<'stuck-get'>[] => {
    const { process, channel } = wait;
    if (channel === null || channel.owner !== 'user' || !WAITS.includes(wait.operation)) return [];
    if (!waits.stuck.has(process) || explained.has(process)) return [];
    const others = waits.living(wait).map((each) => each.process);
    if (!others.every((each) => onlyReads(each, channel, waits))) return [];
    const readers = [process, ...others];
    for (const each of readers) explained.add(each);
    const gone = lateHolders(wait, waits);
    const letGo = gone.length > 0 ? [] : closers(wait, waits);
    const rouser = rouserOf(waits, readers, [wait]);
    const failed = gone.some((each) => each.state !== 'exited' || each.exitCode !== 0);
    return [
      {
        key: `${process.id} ${channel.id} ${wait.since}`,
        severity: rouser === null ? 'error' : failed ? 'warning' : rouser.severity,
        untilSignal: rouser !== null && !failed,
        params: {
          readers: processRefs(readers.slice(0, 4)),
          moreReaders: Math.max(0, readers.length - 4),
          call: callOf(wait),
          channel: channelRef(channel),
          ended: gone.slice(0, 4).map(endedRef),
          closed: letGo.slice(0, 4).map((each) => ({
            process: processRef(each),
            joins: joinOf(each, process, waits) !== undefined,
          })),
          rouser: rouser?.ref ?? null,
        },
        processes: [...readers, ...gone, ...letGo],
        channels: [channel],
        evidence: [
          ...readers.slice(0, 8).flatMap((each) => readsHere(each, channel, waits)),
          ...gone.slice(0, 4).map((each) => startedHere(each)),
          ...letGo.flatMap((each) => joinOf(each, process, waits) ?? []).map((each) => blockedHere(each)),
          channelCreated(channel),
          ...(rouser?.evidence ?? []),
        ],
        since: wait.since,
      },
    ];
  });
}

/** Ended processes that could have ended this wait: those still holding the end open, otherwise all that ever had it. */
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

/** Whether this process has a queue's write end only because it reads the queue: every process that has a queue has both ends. */
export function onlyReads(process: Process, channel: Channel, waits: Waits): boolean {
  if (!(channel.isQueue || channel.kind === 'SimpleQueue') || hasSent(process, channel)) return false;
  const own = waits.of(process).filter((each) => !isServant(each));
  return own.length > 0 && own.every((each) => each.channel === channel && READS.includes(each.operation));
}

function readsHere(process: Process, channel: Channel, waits: Waits): Evidence[] {
  const wait = waits.of(process).find((each) => each.channel === channel);
  return wait === undefined ? [] : [blockedHere(wait)];
}

/** Living processes that could have ended this wait and have closed their end of the channel. */
function closers(wait: Blocked, waits: Waits): Process[] {
  const need = wait.operation === 'queue.join' ? 'r' : 'w';
  const uses = wait.channel?.uses ?? [];
  const had = uses.filter((use) => use.process !== wait.process && !waits.isOpen(use) && reaches(use, wait, need));
  return [...new Set(had.map((use) => use.process))].filter((each) => waits.lives(each));
}

/** The call by which one process joins the other, including multiprocessing's own exit of a process. Undefined: it does not. */
function joinOf(process: Process, waiting: Process, waits: Waits): Blocked | undefined {
  return waits.of(process).find((each) => each.joined === waiting);
}
