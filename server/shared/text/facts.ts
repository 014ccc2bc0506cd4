/** The sentences of findings that are facts. */
import * as l10n from '@vscode/l10n';
import type { FindingParams } from '../../protocol/findingParams';
import { bytes, count, elapsed, fullCount } from '../format';
import { channelName, endedName, items, list, messages, processName, processNames, tasks } from './names';

type Params = FindingParams;

/** "worker-1 (pid 4711) and 2 other children" */
function withOthers(name: string, others: number): string {
  if (others === 0) return name;
  return others === 1 ? l10n.t('{0} and 1 other child', name) : l10n.t('{0} and {1} other children', name, others);
}

export function noMainGuard({ child, others, startMethod }: Params['no-main-guard']): string {
  return l10n.t(
    '{0} failed with RuntimeError before its work began: {1} imports the main module in each child, and importing it starts processes.',
    withOthers(processName(child), others),
    startMethod,
  );
}

export function forkWithThreads({ parent, child, others, threads, quiet }: Params['fork-with-threads']): string {
  const forked = others === 0 ? processName(child) : l10n.t('{0} (and {1} more here)', processName(child), others);
  const names = list(threads);
  const start =
    threads.length === 1
      ? l10n.t('{0} forked {1} while thread {2} was running', processName(parent), forked, names)
      : l10n.t('{0} forked {1} while threads {2} were running', processName(parent), forked, names);
  return quiet
    ? l10n.t(
        '{0}: {1} has done nothing since. It may be blocked on a lock that one of them held and that will never be released.',
        start,
        processName(child),
      )
    : l10n.t('{0}: a lock that one of them held stays locked in the child forever.', start);
}

export function unpicklable(params: Params['unpicklable']): string {
  const who = processName(params.process);
  if (params.kind === 'start')
    return l10n.t(
      "{0} couldn't start {1}: what the child needs can't be pickled ({2}).",
      who,
      params.name,
      params.error,
    );
  const { queue, items: n, error } = params;
  const what = error === '' ? channelName(queue) : l10n.t('{0} ({1})', channelName(queue), error);
  return n === 1
    ? l10n.t(
        "1 item that {0} put into {1} couldn't be pickled and was dropped: put() had already returned, and the item will never arrive.",
        who,
        what,
      )
    : l10n.t(
        "{2} items that {0} put into {1} couldn't be pickled and were dropped: put() had already returned, and the items will never arrive.",
        who,
        what,
        fullCount(n),
      );
}

export function poolNotClosed({ process, pool }: Params['pool-not-closed']): string {
  return l10n.t(
    '{0} exited without closing {1}: its workers were terminated, whatever they were doing.',
    processName(process),
    pool,
  );
}

export function lostException({ process, pool, task, tasks: n }: Params['lost-exception']): string {
  const which = task === '' ? tasks(n) : l10n.t('{0} {1}', tasks(n), task);
  return n === 1
    ? l10n.t(
        '{0} of {1} failed, and the exception was never seen: {2} neither asked for the result nor set an error_callback.',
        which,
        pool,
        processName(process),
      )
    : l10n.t(
        '{0} of {1} failed, and the exceptions were never seen: {2} neither asked for the results nor set an error_callback.',
        which,
        pool,
        processName(process),
      );
}

export function zombie({ parent, child, children }: Params['zombie']): string {
  return children === 1
    ? l10n.t(
        '{0} has ended, but {1} has not waited for it: it stays in the process table as a zombie.',
        endedName(child),
        processName(parent),
      )
    : l10n.t(
        '{0} children of {1} have ended, but it has not waited for them: they stay in the process table as zombies.',
        children,
        processName(parent),
      );
}

export function orphan({ child, others, parent, alive }: Params['orphan']): string {
  const who = withOthers(processName(child), others);
  const one = others === 0;
  if (alive)
    return one
      ? l10n.t('{0} is still running after its parent {1} ended.', who, endedName(parent))
      : l10n.t('{0} are still running after their parent {1} ended.', who, endedName(parent));
  return one
    ? l10n.t('{0} kept running after its parent {1} ended.', who, endedName(parent))
    : l10n.t('{0} kept running after their parent {1} ended.', who, endedName(parent));
}

export function pipeSharedWriter({ first, second, pipe, end, turns }: Params['pipe-shared-writer']): string {
  const [a, b, what] = [processName(first), processName(second), channelName(pipe)];
  return end === ''
    ? l10n.t(
        '{0} and {1} send into the same end of pipe {2} without a lock: they took turns {3} times, and concurrent sends mix up their messages.',
        a,
        b,
        what,
        turns,
      )
    : l10n.t(
        "{0} and {1} send into the same end '{4}' of pipe {2} without a lock: they took turns {3} times, and concurrent sends mix up their messages.",
        a,
        b,
        what,
        turns,
        end,
      );
}

export function slowConsumer(params: Params['slow-consumer']): string {
  const what = channelName(params.queue);
  const takers = processNames(params.consumers);
  if (params.kind === 'grows') {
    const { itemsPerSecond, depth, producers } = params;
    return l10n.t(
      '{0} grows by {1} per second and holds {2}: consumption by {3} is slower than production by {4}.',
      what,
      items(itemsPerSecond),
      items(depth),
      takers,
      processNames(producers),
    );
  }
  const full = l10n.t(
    '{0} is full ({1}/{2}), and a put() has been blocked for more than {3}',
    what,
    count(params.depth),
    count(params.capacity),
    elapsed(params.blockedFor / 1e6),
  );
  return params.consumers.length === 0
    ? l10n.t('{0}: no process gets from it.', full)
    : l10n.t('{0}: the last get() was long ago, by {1}.', full, takers);
}

export function bigPayload({ channel, messages: n, bytes: all, largest, sender }: Params['big-payload']): string {
  return l10n.t(
    '{0} of {1} on average went through {2}, the largest ({3}) from {4}: each is pickled, copied and unpickled.',
    messages(n),
    bytes(all / Math.max(1, n)),
    channelName(channel),
    bytes(largest),
    processName(sender),
  );
}
