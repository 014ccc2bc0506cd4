/** What processes are blocked in and why, as every face says it. */
import * as l10n from '@vscode/l10n';
import type { ProcessId, ProcessStatus, Wait } from '../../protocol/views';
import { duration, elapsed } from '../format';
import type { SessionView } from '../sessionView';
import { callText } from './calls';

/** Whose waits are followed from one wait: a row has no room for more. */
const DEEPEST = 4;
/** Names that are listed before the others are counted. */
const NAMED = 2;

/** The wait that tells how the process is: its main thread's, else the one that lasts longest. */
export function shownWait(status: Pick<ProcessStatus, 'waits'> | undefined): Wait | undefined {
  return status?.waits[0];
}

/** Whether a timeout ends it: a poll, a get with a timeout, and loops of those. */
export function endsByItself(wait: Wait): boolean {
  return !(wait.real ?? wait.timeoutMs === null);
}

/** Whether no event that is known will ever wake this process. */
export function isStuck(session: SessionView, id: ProcessId): boolean {
  const wait = shownWait(session.processStatus.get(id));
  const forsaken = wait !== undefined && !endsByItself(wait) && isForsaken(wait);
  return forsaken || session.waitGraph.nodes.some((each) => each.processId === id && each.stuck && !each.dead);
}

/** "blocked in tasks.get() for 3.2 s", "in tasks.get(), timeout 500 ms" @param nowMs since the session began */
export function blockedText(wait: Wait, nowMs: number): string {
  return endsByItself(wait)
    ? l10n.t('in {0}, timeout {1}', callText(wait), duration(wait.timeoutMs ?? 0))
    : l10n.t('blocked in {0} for {1}', callText(wait), elapsed(nowMs - wait.sinceMs));
}

/** "blocked in tasks.get()": where a text must not change all the time. */
export function steadyText(wait: Wait): string {
  return endsByItself(wait)
    ? l10n.t('in {0}, timeout {1}', callText(wait), duration(wait.timeoutMs ?? 0))
    : l10n.t('blocked in {0}', callText(wait));
}

/**
 * The same with its cause: "blocked in join(worker) for 24 s, deadlocked with worker", "blocked in jobs.get(): no live producer",
 * "blocked in tasks.get() for 3.2 s, waiting for main, which is paused". Only the call where the cause is not recorded.
 */
export function causedText(session: SessionView, id: ProcessId, wait: Wait, nowMs: number): string {
  if (!endsByItself(wait) && isForsaken(wait))
    return l10n.t('blocked in {0}: {1}', callText(wait), forsaken(session, wait));
  const text = blockedText(wait, nowMs);
  const cause = causeText(session, id, wait);
  return cause === undefined ? text : l10n.t('{0}, {1}', text, cause);
}

/** "deadlocked with worker"; undefined: the cause is not recorded, or the call names it. */
export function causeText(session: SessionView, id: ProcessId, wait: Wait): string | undefined {
  if (!endsByItself(wait) && isForsaken(wait)) return forsaken(session, wait);
  return deadlock(session, id, wait) ?? blockersText(session, wait, [id]);
}

/** "deadlocked with worker-1 and 2 more" */
function deadlock({ waitGraph, processes }: SessionView, id: ProcessId, wait: Wait): string | undefined {
  const cycle = waitGraph.cycles.find((each) => each.includes(id));
  if (cycle === undefined || !wait.blockers?.some((each) => cycle.includes(each.processId))) return undefined;
  const [first, ...more] = cycle.filter((each) => each !== id);
  if (first === undefined) return l10n.t('deadlocked with itself');
  const name = processes.get(first)?.name ?? first;
  return more.length === 0
    ? l10n.t('deadlocked with {0}', name)
    : l10n.t('deadlocked with {0} and {1} more', name, more.length);
}

/** The processes that could unblock it, and what they are blocked in themselves. @param path whose waits led here */
function blockersText(session: SessionView, wait: Wait, path: readonly ProcessId[]): string | undefined {
  const { blockers, processId } = wait;
  // Any process may notify: naming all of them would say nothing.
  if (blockers === undefined || blockers.some((each) => each.why === 'may notify')) return undefined;
  const living = blockers.filter((each) => !each.dead).map((each) => each.processId);
  const [only] = living;
  if (only === undefined) return undefined;
  const name = (id: ProcessId) => session.processes.get(id)?.name ?? id;
  if (living.length > 1) return l10n.t('waiting for {0}', oneOf(living.map(name), wait.moreBlockers ?? 0));
  const named = processId === only; // by the call: "join(worker)"
  const which = path.includes(only) ? undefined : stateOf(session, only, path);
  if (which === undefined)
    return named
      ? undefined
      : l10n.t('waiting for {0}', path.length === 1 && only === path[0] ? l10n.t('itself') : name(only));
  return named ? which : l10n.t('waiting for {0}, {1}', name(only), which);
}

/** "which is blocked in results.put(), waiting for main" */
function stateOf(session: SessionView, id: ProcessId, path: readonly ProcessId[]): string | undefined {
  const status = session.processStatus.get(id);
  if (status?.state === 'paused') return l10n.t('which is paused');
  const wait = status?.state === 'waiting' ? shownWait(status) : undefined;
  if (wait === undefined) return undefined;
  const call = callText(wait);
  if (endsByItself(wait)) return l10n.t('which is in {0}, timeout {1}', call, duration(wait.timeoutMs ?? 0));
  if (isForsaken(wait)) return l10n.t('which is blocked in {0}: {1}', call, forsaken(session, wait));
  const text = l10n.t('which is blocked in {0}', call);
  const next = path.length >= DEEPEST ? undefined : blockersText(session, wait, [...path, id]);
  return next === undefined ? text : l10n.t('{0}, {1}', text, next);
}

/** A join whose process has ended is about to return; any other wait for ended processes lasts forever. */
function isForsaken(wait: Wait): boolean {
  const joins = wait.operation === 'join' || wait.operation === 'waitpid';
  return wait.blockers?.every((each) => each.dead) === true && !joins;
}

/** "no live producer", "its owner worker-1 is dead" */
function forsaken(session: SessionView, { operation, blockers }: Wait): string {
  switch (operation) {
    case 'get':
      return l10n.t('no live producer');
    case 'put':
    case 'queue.join':
      return l10n.t('no live consumer');
    case 'send':
      return l10n.t('no live receiver');
    case 'recv':
    case 'poll':
      return l10n.t('no live sender');
    case 'acquire': {
      const owner = blockers?.[0]?.processId;
      return owner === undefined
        ? l10n.t('no live owner')
        : l10n.t('its owner {0} is dead', session.processes.get(owner)?.name ?? owner);
    }
    default:
      return l10n.t('no live process can unblock it');
  }
}

/** "a or b", "a, b or 3 more" */
function oneOf(names: readonly string[], more: number): string {
  const [first = '', second = ''] = names;
  const rest = names.length + more - NAMED;
  return rest <= 0 ? l10n.t('{0} or {1}', first, second) : l10n.t('{0}, {1} or {2} more', first, second, rest);
}
