import type { FindingParams } from '../../protocol/findingParams';
import { type Blocked, callOf } from '../model/entities/blocked';
import type { Process } from '../model/entities/process';
import type { Waits } from '../model/query/waits';
import { keyOf, users, waitsWithin } from './cycles';
import { blockedHere } from './evidence';
import { channelRef, processRef, processRefs } from './refs';
import { type Rouser, rouserOf } from './signalled';
import { onlyReads } from './stuck-get';
import type { Candidate, Check, CheckContext } from './types';

type Found = Candidate<'deadlock'>;

/** Processes that wait for each other in a cycle, whatever the blocking calls are. */
export const deadlock: Check<'deadlock'> = {
  code: 'deadlock',
  kind: 'hang',
  check: (context) => [...pools(context), ...cycles(context)],
};

function cycles({ waits, explained }: CheckContext): Found[] {
  return waits.cycles().flatMap((cycle): Found[] => {
    if (cycle.some((each) => explained.has(each))) return [];
    const blocked = users(waitsWithin(waits, cycle));
    if (allRead(cycle, waits)) return []; // all read a queue that none of them fills: stuck-get reports it
    for (const each of cycle) explained.add(each);
    const channels = [...new Set(blocked.flatMap((each) => each.channel ?? []))];
    const rouser = rouserOf(waits, cycle, blocked);
    return [
      {
        key: keyOf(blocked),
        severity: rouser?.severity ?? 'error',
        untilSignal: rouser?.severity === 'info',
        params: cycleParams(cycle, blocked, waits, rouser),
        processes: cycle,
        channels,
        evidence: [...blocked.map((each) => blockedHere(each)), ...(rouser?.evidence ?? [])],
        since: Math.max(...blocked.map((each) => each.since)),
      },
    ];
  });
}

function allRead(cycle: readonly Process[], waits: Waits): boolean {
  const channel = waits.of(cycle[0] as Process)[0]?.channel ?? null;
  return channel !== null && cycle.every((each) => onlyReads(each, channel, waits));
}

function cycleParams(
  cycle: readonly Process[],
  blocked: readonly Blocked[],
  waits: Waits,
  rouser: Rouser | null,
): FindingParams['deadlock'] {
  const others = (wait: Blocked) =>
    waits
      .living(wait)
      .map((each) => each.process)
      .filter((each) => cycle.includes(each) && each !== wait.process);
  return {
    kind: 'cycle',
    processes: cycle.length,
    waits: blocked.slice(0, 6).map((wait) => ({
      process: processRef(wait.process),
      call: callOf(wait),
      blockers: processRefs(others(wait).slice(0, 3)),
    })),
    rouser: rouser?.ref ?? null,
    ...remedyOf(blocked),
  };
}

type Remedy = Pick<FindingParams['deadlock'] & { kind: 'cycle' }, 'remedy' | 'queue'>;

function remedyOf(blocked: readonly Blocked[]): Remedy {
  const some = (operation: string) => blocked.find((each) => each.operation === operation);
  const get = some('get') ?? some('recv');
  if (get !== undefined && (some('join') ?? some('waitpid')) !== undefined)
    return { remedy: 'sentinel', queue: get.channel === null ? null : channelRef(get.channel) };
  if (some('queue.join') !== undefined) return { remedy: 'task_done', queue: null };
  if (blocked.every((each) => each.operation === 'acquire'))
    return { remedy: blocked.length === 1 ? 'rlock' : 'lock order', queue: null };
  return { remedy: 'break', queue: null };
}

/** Every thread of a thread pool waits for a task that only a thread of the same pool could run. */
function pools({ model, waits, explained }: CheckContext): Found[] {
  return [...new Set(model.pools.values())].flatMap((pool): Found[] => {
    if (pool.kind !== 'ThreadPool' || pool.size === 0 || pool.process === null) return [];
    const inside = waits.all.filter((each) => each.pool === pool && pool.workers.includes(each.thread));
    if (inside.length < pool.size || inside.some((each) => each.timeout !== null)) return [];
    explained.add(pool.process);
    return [
      {
        key: keyOf(inside),
        severity: 'error',
        params: { kind: 'pool', pool: pool.name, threads: pool.size, queued: pool.submitted - pool.started },
        processes: [pool.process],
        evidence: inside.map((each) => blockedHere(each)),
        since: Math.max(...inside.map((each) => each.since)),
      },
    ];
  });
}
