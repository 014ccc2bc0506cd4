/** The sentences of findings of hangs. */
import * as l10n from '@vscode/l10n';
import type { CycleWait, FindingParams, ProcessRef, RouserRef } from '../../protocol/findingParams';
import { bytes, fullCount } from '../format';
import { callText } from './calls';
import { channelName, endedName, endText, list, messages, processName, processNames, tasks } from './names';

type Params = FindingParams;

export function joinBeforeDrain({ joiner, child, queue, items: n }: Params['join-before-drain']): string {
  const [who, whom, what] = [processName(joiner), processName(child), channelName(queue)];
  return n === 1
    ? l10n.t(
        "{0} is blocked in join(): {1} can't exit until 1 item it queued on {2} is read, and nothing is reading it.",
        who,
        whom,
        what,
      )
    : l10n.t(
        "{0} is blocked in join(): {1} can't exit until {3} items it queued on {2} are read, and nothing is reading them.",
        who,
        whom,
        what,
        fullCount(n),
      );
}

export function poolWorkerDied({ worker, pool, task, outcome, waiters }: Params['pool-worker-died']): string {
  const died =
    task === ''
      ? l10n.t('{0}, a worker of {1}, died during a task', endedName(worker), pool)
      : l10n.t('{0}, a worker of {1}, died during task {2}', endedName(worker), pool, task);
  switch (outcome) {
    case 'error':
      return l10n.t('{0}: its result is an error that the pool has set.', died);
    case 'error later':
      return l10n.t('{0}: the pool will set an error as its result after lost_worker_timeout (10 s by default).', died);
    case 'broken':
      return l10n.t('{0}: the whole executor is broken.', died);
    case 'never':
      if (waiters.length === 0) return l10n.t('{0}: its result will never arrive.', died);
      return waiters.length === 1
        ? l10n.t('{0}: its result will never arrive, and {1} is waiting for it.', died, processNames(waiters))
        : l10n.t('{0}: its result will never arrive, and {1} are waiting for it.', died, processNames(waiters));
  }
}

export function deadLockOwner(params: Params['dead-lock-owner']): string {
  const { waiters } = params;
  const who = processNames(waiters);
  const one = waiters.length === 1;
  switch (params.kind) {
    case 'lock': {
      const [type, name, owner] = [params.type, params.name, endedName(params.owner)];
      return one
        ? l10n.t(
            "{0} is blocked on {1} '{2}', and its owner {3} died with it: it will never be released.",
            who,
            type,
            name,
            owner,
          )
        : l10n.t(
            "{0} are blocked on {1} '{2}', and its owner {3} died with it: it will never be released.",
            who,
            type,
            name,
            owner,
          );
    }
    case 'read':
      return l10n.t(
        "{0} can't get from {1}, although it has items: {2} died with the queue's read lock.",
        who,
        channelName(params.queue),
        endedName(params.owner),
      );
    case 'write':
      return deadWriter(params);
  }
}

function deadWriter({
  queue,
  owners,
  certain,
  items: n,
  waiters,
}: Params['dead-lock-owner'] & { kind: 'write' }): string {
  const [what, gone, who] = [channelName(queue), list(owners.map(endedName)), processNames(waiters)];
  const one = waiters.length === 1;
  const sentence = certain
    ? one
      ? l10n.t(
          '{0} died in the middle of a write to {1}, holding its write lock: nothing more can be put into it, and {2} is blocked on it.',
          gone,
          what,
          who,
        )
      : l10n.t(
          '{0} died in the middle of a write to {1}, holding its write lock: nothing more can be put into it, and {2} are blocked on it.',
          gone,
          what,
          who,
        )
    : one
      ? l10n.t(
          '{2} is blocked on the write lock of {1}, which no live process holds: {0} had the queue and ended.',
          gone,
          what,
          who,
        )
      : l10n.t(
          '{2} are blocked on the write lock of {1}, which no live process holds: {0} had the queue and ended.',
          gone,
          what,
          who,
        );
  if (n === 0) return sentence;
  return n === 1
    ? l10n.t('{0} 1 item cannot be written any more.', sentence)
    : l10n.t('{0} {1} items cannot be written any more.', sentence, fullCount(n));
}

export function eofNever({ reader, pipe, messages: n, holders, rouser }: Params['eof-never']): string {
  const [who, what, after] = [processName(reader), channelName(pipe), messages(n)];
  const isReader = ({ id }: ProcessRef) => id === reader.id;
  const itself = holders.length === 1 && holders.every(isReader);
  const names = list(holders.map((each) => (isReader(each) ? l10n.t('it') : processName(each))));
  const sentence = itself
    ? l10n.t(
        '{0} is blocked in recv() on pipe {1} after {2}, but EOF will never come: it has the writing end open itself.',
        who,
        what,
        after,
      )
    : holders.length === 1
      ? l10n.t(
          '{0} is blocked in recv() on pipe {1} after {2}, but EOF will never come: {3} still has the writing end open.',
          who,
          what,
          after,
          names,
        )
      : l10n.t(
          '{0} is blocked in recv() on pipe {1} after {2}, but EOF will never come: {3} still have the writing end open.',
          who,
          what,
          after,
          names,
        );
  return withRouser(sentence, rouser);
}

export function deadlock(params: Params['deadlock']): string {
  if (params.kind === 'pool') {
    const { pool, threads, queued } = params;
    return l10n.t(
      'Deadlock: all {0} threads of {1} are waiting for results of tasks that only {1} can run ({2} queued).',
      threads,
      pool,
      tasks(queued),
    );
  }
  const { processes, waits, rouser } = params;
  const parts = list(processes === 1 ? waits.slice(0, 1).map(selfWait) : waits.map(cycleWait));
  return withRouser(
    rouser === null ? l10n.t('Deadlock: {0}.', parts) : l10n.t('Deadlock unless a signal arrives: {0}.', parts),
    rouser,
  );
}

function selfWait({ process, call }: CycleWait): string {
  return l10n.t('{0} is blocked in {1}, which only it could unblock', processName(process), callText(call));
}

function cycleWait({ process, call, blockers }: CycleWait): string {
  const [who, others] = [processName(process), processNames(blockers)];
  if (call.operation === 'acquire' && call.on !== '')
    return l10n.t("{0} is waiting for '{1}' (held by {2})", who, call.on, others);
  return call.operation === 'join' && blockers.length === 1
    ? l10n.t('{0} is blocked in join() of {1}', who, others)
    : l10n.t('{0} is blocked in {1}, waiting for {2}', who, callText(call), others);
}

export function bothSend({ processes, pipes, bytes: n }: Params['both-send']): string {
  const [who, what] = [processNames(processes), list(pipes.map(channelName))];
  return n === 0
    ? l10n.t(
        '{0} are all blocked in send() on {1}, and none of them receives: the buffers of the pipe are full.',
        who,
        what,
      )
    : l10n.t(
        '{0} are all blocked in send() on {1}, and none of them receives: the buffers of the pipe are full ({2} not received).',
        who,
        what,
        bytes(n),
      );
}

export function stuckGet(params: Params['stuck-get']): string {
  const { readers, moreReaders, call, rouser } = params;
  const named = readers.map(processName);
  const who = list(moreReaders > 0 ? [...named, l10n.t('{0} more', moreReaders)] : named);
  const blocked =
    named.length + moreReaders === 1
      ? l10n.t('{0} is blocked in {1}', who, callText(call))
      : l10n.t('{0} are blocked in {1}', who, callText(call));
  return withRouser(l10n.t('{0}, but {1}: {2}.', blocked, noneLeft(params), list(departed(params))), rouser);
}

/** "no live process can put into 'tasks'" */
function noneLeft({ readers, call, channel }: Params['stuck-get']): string {
  const what = channelName(channel);
  if (call.operation === 'queue.join') return l10n.t('no live process can mark items of {0} done', what);
  if (channel.queue)
    return readers.length === 1
      ? l10n.t('no live process can put into {0}', what)
      : l10n.t('no live process has ever put into {0}', what);
  return readers.length === 1
    ? l10n.t('no live process can send to {0}', what)
    : l10n.t('no live process has ever sent to {0}', what);
}

/** What became of the processes that could have. */
function departed({ readers, ended, closed }: Params['stuck-get']): string[] {
  const words = ended.map((each) =>
    each.signal === null
      ? l10n.t('{0} {1}', processName(each), endText(each))
      : l10n.t('{0} was {1}', processName(each), endText(each)),
  );
  const [first] = readers;
  for (const { process, joins } of closed) {
    words.push(
      joins && first !== undefined
        ? l10n.t('{0} has closed it and is blocked in join() of {1}', processName(process), processName(first))
        : l10n.t('{0} has closed it', processName(process)),
    );
  }
  return words.length === 0 ? [l10n.t('no other process has it')] : words;
}

function withRouser(sentence: string, rouser: RouserRef | null): string {
  if (rouser === null) return sentence;
  const handlers = rouser.handlers.map(({ signal, name }) =>
    name === '' ? signal : l10n.t('{0} ({1})', signal, name),
  );
  return l10n.t('{0} {1} handles {2}, which may end this.', sentence, processName(rouser.process), list(handlers));
}
