import type { Blocked } from '../model/entities/blocked';
import type { Process } from '../model/entities/process';
import type { Waits } from '../model/query/waits';
import { evidenceOf, keyOf, users, waitsWithin } from './cycles';
import { type Rouser, rouserOf } from './signalled';
import { onlyReads } from './stuck-get';
import { doing, list, quoted, who } from './text';
import type { Check, Draft, Scene } from './types';

/** Processes wait for each other in a circle, whatever they wait with. */
export const deadlock: Check = {
  code: 'deadlock',
  kind: 'hang',
  check: (scene) => [...pools(scene), ...circles(scene)],
};

function circles({ waits, explained }: Scene): Draft[] {
  return waits.cycles().flatMap((cycle) => {
    if (cycle.some((each) => explained.has(each))) return [];
    const blocked = users(waitsWithin(waits, cycle));
    if (allRead(cycle, waits)) return []; // of a queue that none of them fills: stuck-get says who did
    for (const each of cycle) explained.add(each);
    const channels = [...new Set(blocked.flatMap((each) => each.channel ?? []))];
    const rouser = rouserOf(waits, cycle, blocked);
    return [
      {
        key: keyOf(blocked),
        severity: rouser?.severity ?? 'error',
        untilSignal: rouser?.severity === 'info',
        message: sentence(cycle, blocked, waits, rouser),
        advice: advice(blocked),
        processes: cycle,
        channels,
        evidence: [...evidenceOf(blocked), ...(rouser?.evidence ?? [])],
        since: Math.max(...blocked.map((each) => each.since)),
      },
    ];
  });
}

function allRead(cycle: readonly Process[], waits: Waits): boolean {
  const channel = waits.of(cycle[0] as Process)[0]?.channel ?? null;
  return channel !== null && cycle.every((each) => onlyReads(each, channel, waits));
}

function sentence(cycle: readonly Process[], blocked: readonly Blocked[], waits: Waits, rouser: Rouser | null): string {
  const until = rouser === null ? '' : rouser.sentence;
  const first = blocked[0] as Blocked;
  if (cycle.length === 1)
    return `${who(first.process)} waits for itself${rouser === null ? ' for ever' : ', unless a signal comes'}: ${doing(first)}, which only it could end.${until}`;
  const parts = blocked.slice(0, 6).map((wait) => {
    const others = waits.living(wait).filter((each) => cycle.includes(each.process) && each.process !== wait.process);
    return `${who(wait.process)} waits for ${list(others.slice(0, 3).map((each) => who(each.process)))} (${doing(wait)})`;
  });
  return `${cycle.length} processes wait for each other${rouser === null ? ' and will for ever' : ', unless a signal comes'}: ${list(parts)}.${until}`;
}

function advice(blocked: readonly Blocked[]): string {
  const some = (operation: string) => blocked.find((each) => each.operation === operation);
  const get = some('get') ?? some('recv');
  if (get !== undefined && (some('join') ?? some('waitpid')) !== undefined)
    return `Tell the readers of ${quoted(get.channel)} that nothing more comes, for example with one None for each, before joining them.`;
  if (some('queue.join') !== undefined) return 'Call task_done() for every item taken, also when handling it fails.';
  if (blocked.every((each) => each.operation === 'acquire'))
    return blocked.length === 1
      ? 'Use an RLock where a function that holds the lock calls another one that takes it.'
      : 'Acquire the locks in the same order everywhere.';
  return 'Break the circle: let one of them go first, or wait with a time-out.';
}

/** Every thread of a thread pool waits for a task that only a thread of the same pool could run. */
function pools({ model, waits, explained }: Scene): Draft[] {
  return [...new Set(model.pools.values())].flatMap((pool) => {
    if (pool.kind !== 'ThreadPool' || pool.size === 0 || pool.process === null) return [];
    const inside = waits.all.filter((each) => each.pool === pool && pool.workers.includes(each.thread));
    if (inside.length < pool.size || inside.some((each) => each.timeout !== null)) return [];
    explained.add(pool.process);
    return [
      {
        key: keyOf(inside),
        severity: 'error',
        message: `All ${pool.size} threads of ${pool.name} wait for results of tasks that only ${pool.name} could run: ${pool.submitted - pool.started} tasks wait for a free thread.`,
        advice:
          'Do not wait for a pool inside its own tasks: use another pool, or return the work instead of waiting for it.',
        processes: [pool.process],
        evidence: evidenceOf(inside),
        since: Math.max(...inside.map((each) => each.since)),
      },
    ];
  });
}
