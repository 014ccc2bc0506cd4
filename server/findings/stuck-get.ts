import type { Process } from '../model/processes';
import { reaches, type Waits } from '../model/wait-graph';
import type { Blocked } from '../model/waits';
import { rouserOf } from './signalled';
import { doing, howItEnded, list, quoted, who } from './text';
import type { Check, Draft, Scene } from './types';

/** A process waits for something from a channel, and everybody who could send it is gone. */
export const stuckGet: Check = { code: 'stuck-get', kind: 'hang', check };

const WAITS = ['get', 'recv', 'poll', 'queue.join'];

function check({ waits, explained }: Scene): Draft[] {
  return waits.all.flatMap((wait) => {
    const { process, channel } = wait;
    if (channel === null || channel.owner !== 'user' || !WAITS.includes(wait.operation)) return [];
    if (!waits.stuck.has(process) || explained.has(process) || waits.living(wait).length > 0) return [];
    explained.add(process);
    const gone = lateHolders(wait, waits);
    const ends = gone.slice(0, 4).map((each) => `${who(each)} is ${howItEnded(each)}`);
    const nobody = gone.length === 0 ? 'no other process has it' : list(ends);
    const rouser = rouserOf(waits, [process], [wait]);
    const failed = gone.some((each) => each.state !== 'exited' || each.exitCode !== 0);
    return [
      {
        key: `${process.id} ${channel.id} ${wait.since}`,
        severity: rouser === null ? 'error' : failed ? 'warning' : rouser.severity,
        untilSignal: rouser !== null && !failed,
        message: `${who(process)} waits in ${doing(wait)}, but nobody is left who could ${wait.operation === 'queue.join' ? 'mark its items done' : 'send'}: ${nobody}.${rouser?.sentence ?? ''}`,
        advice: `Find out why the senders ended without telling, and let them say so: put a last message into ${quoted(channel)} in a finally block, or use get with a time-out and look whether they live.`,
        processes: [process, ...gone],
        channels: [channel],
        evidence: [
          { line: wait.line, caption: `${who(process)} waits here`, process },
          ...gone
            .slice(0, 4)
            .map((each) => ({ line: each.line, caption: `${who(each)} was started here`, process: each.parent })),
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
  const open = (waits.holders.get(wait) ?? []).map((each) => each.process);
  if (open.length > 0) return open;
  const need = wait.operation === 'queue.join' ? 'r' : 'w';
  const uses = wait.channel?.uses ?? [];
  const had = uses.filter((use) => use.process !== wait.process && use.process.ended && reaches(use, wait, need));
  return [...new Set(had.map((use) => use.process))];
}
