import type { Blocked } from '../model/entities/blocked';
import type { Lock } from '../model/entities/lock';
import type { Process } from '../model/entities/process';
import type { SessionModel } from '../model/state/sessionModel';
import { deadWriters } from './dead-writer';
import { blockedHere, doesHere } from './evidence';
import { channelRef, endedRef, processRefs } from './refs';
import type { Candidate, Check, CheckContext } from './types';

/** A process waits for a lock whose owner has died. */
export const deadLockOwner: Check<'dead-lock-owner'> = {
  code: 'dead-lock-owner',
  kind: 'hang',
  check: (context) => [...locks(context), ...queues(context), ...deadWriters(context)],
};

function locks({ waits, explained }: CheckContext): Candidate<'dead-lock-owner'>[] {
  const waiting = new Map<Lock, Blocked[]>();
  for (const wait of waits.all) {
    const { lock } = wait;
    if (wait.operation !== 'acquire' || wait.timeout !== null || lock === null || !lock.owned) continue;
    if (waits.living(wait).length === 0) waiting.set(lock, [...(waiting.get(lock) ?? []), wait]);
  }
  return [...waiting].flatMap(([lock, waiters]): Candidate<'dead-lock-owner'>[] => {
    const hold = [...lock.holds.values()][0];
    if (hold === undefined) return [];
    const owner = hold.process;
    for (const each of waiters) explained.add(each.process);
    return [
      {
        key: `lock ${lock.id} ${owner.id}`,
        severity: 'error',
        params: {
          kind: 'lock',
          type: lock.kind,
          name: lock.name,
          owner: endedRef(owner),
          waiters: processRefs(waiters.map((each) => each.process)),
        },
        processes: [owner, ...waiters.map((each) => each.process)],
        evidence: [...waiters.map((each) => blockedHere(each)), doesHere('died with lock', owner, hold.line)],
        since: Math.min(...waiters.map((each) => each.since)),
      },
    ];
  });
}

/** A queue's reader holds the queue's own lock while it waits. If it is killed there, no process can get from the queue. */
function queues({ model, waits, explained }: CheckContext): Candidate<'dead-lock-owner'>[] {
  return model.channels.all.flatMap((channel): Candidate<'dead-lock-owner'>[] => {
    if (channel.owner !== 'user' || !(channel.isQueue || channel.kind === 'SimpleQueue')) return [];
    const reads = (wait: Blocked) =>
      wait.channel === channel && (wait.operation === 'get' || wait.operation === 'recv') && wait.timeout === null;
    const waiters = waits.all.filter((each) => reads(each) && waits.hasArrived(each));
    if (waiters.length === 0) return [];
    const dead = model.processes.all.find((each) => !waits.lives(each) && lastOf(model, each).some(reads));
    if (dead === undefined) return [];
    for (const each of waiters) explained.add(each.process);
    const last = lastOf(model, dead).find(reads) as Blocked;
    return [
      {
        key: `queue ${channel.id} ${dead.id}`,
        severity: 'error',
        params: {
          kind: 'read',
          queue: channelRef(channel),
          owner: endedRef(dead),
          waiters: processRefs(waiters.map((each) => each.process)),
        },
        processes: [dead, ...waiters.map((each) => each.process)],
        channels: [channel],
        evidence: [...waiters.map((each) => blockedHere(each)), doesHere('died in get', dead, last.line)],
        since: Math.min(...waiters.map((each) => each.since)),
      },
    ];
  });
}

/** What the threads of a dead process were in. os._exit() can end a process with other threads in the middle of calls. */
function lastOf({ blocked }: SessionModel, process: Process): Blocked[] {
  return [...blocked.of(process), ...blocked.atEnd(process)];
}
