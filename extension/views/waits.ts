/** What a process waits for, in one line, as far as the waits of others lead. Pure. */

import * as l10n from '@vscode/l10n';
import type { ProcessId, ProcessStatus, Wait } from '../../server/protocol/views';
import { duration } from '../../server/shared/format';
import type { SessionView } from '../../server/shared/sessionView';

/** Whose waits are followed from one wait: beyond that nobody reads on. */
const DEEPEST = 5;
/** Names that are listed before the others are counted. */
const NAMED = 2;

/** The wait that tells how the process is: its main thread's, else that which lasts longest. */
export function shownWait(status: ProcessStatus | undefined): Wait | undefined {
  return status?.waits[0];
}

/** Whether only a time-out, and nobody else, need end it: a poll, a get with a time-out, and loops of those. */
export function endsByItself(wait: Wait): boolean {
  return !(wait.real ?? wait.timeoutMs === null);
}

/** Whether nothing that is known will ever wake this process. */
export function isStuck(session: SessionView, id: ProcessId): boolean {
  const wait = shownWait(session.processStatus.get(id));
  const nobody = wait !== undefined && !endsByItself(wait) && isForsaken(wait);
  return nobody || session.waitGraph.nodes.some((each) => each.processId === id && each.stuck && !each.dead);
}

/** How long it may last: "50 ms", "2.0 s". */
export function limitText(wait: Wait): string {
  return duration(wait.timeoutMs ?? 0);
}

/** "get on tasks", "join" where the name of what is joined is told anyway. */
export function callText(wait: Wait): string {
  return wait.on === '' ? wait.operation : l10n.t('{0} on {1}', wait.operation, wait.on);
}

/**
 * "waits for worker-2, which waits for you", "waits for results (nobody can put: worker-1 is dead)".
 * undefined: who could end the wait is not recorded, so that only the call itself can be told.
 */
export function waitSentence(session: SessionView, id: ProcessId): string | undefined {
  const wait = shownWait(session.processStatus.get(id));
  const target = wait && targetOf(session, wait, [id]);
  if (wait === undefined || target === undefined) {
    return undefined;
  }
  return endsByItself(wait)
    ? l10n.t('waits at most {0} for {1}', limitText(wait), target)
    : l10n.t('waits for {0}', target);
}

/** Those who could end it, then what they wait for themselves. `path`: whose waits led here, the row's own process first. */
function targetOf(session: SessionView, wait: Wait, path: readonly ProcessId[]): string | undefined {
  const { blockers } = wait;
  // Anybody may notify: naming all of them would say nothing.
  if (blockers === undefined || blockers.some((each) => each.why === 'may notify')) {
    return undefined;
  }
  const living = blockers.filter((each) => !each.dead).map((each) => each.processId);
  if (living.length === 0) {
    return isForsaken(wait) ? forsaken(session, wait) : undefined;
  }
  const [only] = living;
  if (living.length === 1 && only !== undefined) {
    return withItsWait(session, only, path);
  }
  const more = wait.moreBlockers ?? 0;
  const names = oneOf(
    living.map((each) => nameOf(session, each, path)),
    more,
  );
  const next = new Set(living.map((each) => (path.includes(each) ? '' : nextOf(session, each, path))));
  const [same = ''] = next;
  return next.size === 1 && same !== '' && more === 0 ? l10n.t('{0}, who all wait for {1}', names, same) : names;
}

function withItsWait(session: SessionView, id: ProcessId, path: readonly ProcessId[]): string {
  const name = nameOf(session, id, path);
  const status = session.processStatus.get(id);
  if (path.includes(id)) {
    return name;
  }
  if (status?.state === 'paused') {
    return l10n.t('{0}, which is paused', name);
  }
  const wait = status?.state === 'waiting' ? shownWait(status) : undefined;
  if (wait === undefined) {
    return name;
  }
  const next = nextOf(session, id, path);
  if (endsByItself(wait)) {
    return next === ''
      ? l10n.t('{0}, which waits at most {1} in {2}', name, limitText(wait), callText(wait))
      : l10n.t('{0}, which waits at most {1} for {2}', name, limitText(wait), next);
  }
  return next === ''
    ? l10n.t('{0}, which waits in {1}', name, callText(wait))
    : l10n.t('{0}, which waits for {1}', name, next);
}

/** What `id` waits for; '' when it is not known, or too far away. */
function nextOf(session: SessionView, id: ProcessId, path: readonly ProcessId[]): string {
  const status = session.processStatus.get(id);
  const wait = status?.state === 'waiting' ? shownWait(status) : undefined;
  return wait === undefined || path.length >= DEEPEST ? '' : (targetOf(session, wait, [...path, id]) ?? '');
}

/** A join whose process has ended is about to return; anything else waits for the dead in vain. */
function isForsaken(wait: Wait): boolean {
  const joins = wait.operation === 'join' || wait.operation === 'waitpid';
  return wait.blockers?.every((each) => each.dead) === true && !joins;
}

function forsaken(session: SessionView, wait: Wait): string {
  const dead = (wait.blockers ?? []).map((each) => session.processes.get(each.processId)?.name ?? each.processId);
  const [first] = dead;
  const why =
    first === undefined
      ? l10n.t('no other process has it')
      : dead.length === 1
        ? l10n.t('{0} is dead', first)
        : l10n.t('{0} and {1} more are dead', first, dead.length - 1 + (wait.moreBlockers ?? 0));
  const what = wait.on === '' ? wait.operation : wait.on;
  switch (wait.operation) {
    case 'get':
      return l10n.t('{0} (nobody can put: {1})', what, why);
    case 'put':
      return l10n.t('{0} (nobody can take: {1})', what, why);
    case 'send':
      return l10n.t('{0} (nobody can receive: {1})', what, why);
    case 'recv':
    case 'poll':
      return l10n.t('{0} (nobody can send: {1})', what, why);
    case 'acquire':
      return l10n.t('{0} (nobody can release it: {1})', what, why);
    case 'queue.join':
      return l10n.t('{0} (nobody can mark items done: {1})', what, why);
    default:
      return l10n.t('{0} (nobody can end it: {1})', what, why);
  }
}

function nameOf(session: SessionView, id: ProcessId, path: readonly ProcessId[]): string {
  if (id === path[0]) {
    return path.length === 1 ? l10n.t('itself') : l10n.t('you');
  }
  return session.processes.get(id)?.name ?? id;
}

/** "a or b", "a, b or 3 more" */
function oneOf(names: readonly string[], more: number): string {
  const [first = '', second = ''] = names;
  const rest = names.length + more - NAMED;
  return rest <= 0 ? l10n.t('{0} or {1}', first, second) : l10n.t('{0}, {1} or {2} more', first, second, rest);
}
