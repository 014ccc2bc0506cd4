import type { Blocked } from '../model/entities/blocked';
import type { Lock } from '../model/entities/lock';
import type { Process } from '../model/entities/process';
import type { SessionModel } from '../model/state/sessionModel';
import { deadWriters } from './dead-writer';
import { howItEnded, list, quoted, who } from './text';
import type { Check, Draft, Scene } from './types';

/** Somebody waits for a lock whose owner has died. */
export const deadLockOwner: Check = {
  code: 'dead-lock-owner',
  kind: 'hang',
  check: (scene) => [...locks(scene), ...queues(scene), ...deadWriters(scene)],
};

const ADVICE =
  'Let no process be killed while it holds a lock: end it with a message or an Event, and release locks in `with` blocks.';

function locks({ waits, explained }: Scene): Draft[] {
  const waiting = new Map<Lock, Blocked[]>();
  for (const wait of waits.all) {
    const { lock } = wait;
    if (wait.operation !== 'acquire' || wait.timeout !== null || lock === null || !lock.owned) continue;
    if (waits.living(wait).length === 0) waiting.set(lock, [...(waiting.get(lock) ?? []), wait]);
  }
  return [...waiting].flatMap(([lock, waiters]) => {
    const hold = [...lock.holds.values()][0];
    if (hold === undefined) return [];
    const owner = hold.process;
    for (const each of waiters) explained.add(each.process);
    return [
      {
        key: `lock ${lock.id} ${owner.id}`,
        severity: 'error',
        message: `${list(waiters.map((each) => who(each.process)))} wait${waiters.length === 1 ? 's' : ''} for ${lock.kind} '${lock.name}', whose owner ${who(owner)} is dead (${howItEnded(owner)}): nobody will release it.`,
        advice: ADVICE,
        processes: [owner, ...waiters.map((each) => each.process)],
        evidence: [
          ...waiters.map((each) => ({
            line: each.line,
            caption: `${who(each.process)} waits here for '${lock.name}'`,
            process: each.process,
          })),
          { line: hold.line, caption: `${who(owner)} acquired it here and died with it`, process: owner },
        ],
        since: Math.min(...waiters.map((each) => each.since)),
      },
    ];
  });
}

/** A queue's reader holds the queue's own lock while it waits: when it is killed there, nobody can take what comes. */
function queues({ model, waits, explained }: Scene): Draft[] {
  return model.channels.all.flatMap((channel) => {
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
        message: `${list(waiters.map((each) => who(each.process)))} cannot take from ${quoted(channel)}, though it has items: ${who(dead)} is dead (${howItEnded(dead)}) and had the queue's reading lock.`,
        advice:
          'Do not kill a process that waits in get(): send it a message that tells it to end, or let it use get with a time-out.',
        processes: [dead, ...waiters.map((each) => each.process)],
        channels: [channel],
        evidence: [
          ...waiters.map((each) => ({
            line: each.line,
            caption: `${who(each.process)} waits here`,
            process: each.process,
          })),
          { line: last.line, caption: `${who(dead)} was in this get when it died`, process: dead },
        ],
        since: Math.min(...waiters.map((each) => each.since)),
      },
    ];
  });
}

/** What the threads of a dead process were in: also of one that os._exit() ended, with other threads in the middle of calls. */
function lastOf({ blocked }: SessionModel, process: Process): Blocked[] {
  return [...blocked.of(process), ...blocked.atEnd(process)];
}
