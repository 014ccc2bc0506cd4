/** What to do about findings. */
import * as l10n from '@vscode/l10n';
import type { FindingFacts, FindingParams } from '../../protocol/findingParams';
import { channelName } from './names';

export function adviceText(finding: FindingFacts): string {
  switch (finding.code) {
    case 'join-before-drain':
      return l10n.t(
        'Read everything from {0} before joining the processes that put into it.',
        channelName(finding.params.queue),
      );
    case 'no-main-guard':
      return l10n.t("Put the code that starts processes under `if __name__ == '__main__':`.");
    case 'fork-with-threads':
      return l10n.t(
        "Start processes before threads, or use multiprocessing.set_start_method('spawn') or 'forkserver', which copy no locks.",
      );
    case 'pool-worker-died':
      return l10n.t(
        'Find out why it died (its last lines, its memory, a signal, os._exit). concurrent.futures.ProcessPoolExecutor raises BrokenProcessPool where a Pool blocks forever; get(timeout=…) helps too.',
      );
    case 'dead-lock-owner':
      return deadLockOwner(finding.params);
    case 'unpicklable':
      return unpicklable(finding.params);
    case 'pool-not-closed':
      return l10n.t(
        'Use `with Pool() as pool:` if all results are there at its end, or call close() and then join() after the last task.',
      );
    case 'eof-never':
      return l10n.t('Close the writing end in every process that does not write, right after the writers are started.');
    case 'lost-exception':
      return l10n.t('Keep what apply_async returns and call get() on it, or pass an error_callback.');
    case 'deadlock':
      return deadlock(finding.params);
    case 'both-send':
      return l10n.t(
        'Have one side receive while the other sends: take turns, receive in a thread, or send less than a pipe holds (64 KiB on Linux).',
      );
    case 'stuck-get':
      return stuckGet(finding.params);
    case 'zombie':
      return l10n.t('Join every process that you start; call os.waitpid() for children of os.fork().');
    case 'orphan':
      return l10n.t(
        'End or join children before their parent exits, also when it fails: join in a finally block, or start them with daemon=True. Children that still run can be killed in the process tree.',
      );
    case 'pipe-shared-writer':
      return l10n.t(
        'Give every process its own pipe, send under one Lock, or use a Queue, which any number of processes may put into.',
      );
    case 'slow-consumer':
      return finding.params.kind === 'grows'
        ? l10n.t('Bound the queue (Queue(maxsize=…)), so that put() blocks, or start more consumers.')
        : l10n.t('Look at what the consumers do: start more of them, make them faster, or call put(timeout=…).');
    case 'big-payload':
      return l10n.t(
        'Keep large data in multiprocessing.shared_memory (or a memory-mapped file) and send only its name, or have the receiver load it.',
      );
  }
}

function deadLockOwner({ kind }: FindingParams['dead-lock-owner']): string {
  switch (kind) {
    case 'lock':
      return l10n.t(
        "Don't kill a process while it holds a lock: end it with a message or an Event, and release locks in `with` blocks.",
      );
    case 'read':
      return l10n.t(
        "Don't kill a process that is blocked in get(): send it a sentinel, or have it call get(timeout=…).",
      );
    case 'write':
      return l10n.t(
        "Don't end a process that may be writing to a queue (terminate, kill, os._exit): send it a sentinel, or call queue.close() and queue.join_thread() before os._exit().",
      );
  }
}

function unpicklable({ kind }: FindingParams['unpicklable']): string {
  return kind === 'item'
    ? l10n.t(
        'Put only what pickle can handle: no lambdas, nested functions, open files, locks or generators. Try pickle.dumps(item) before the put to see which part it is.',
      )
    : l10n.t(
        'With spawn and forkserver a target and its arguments must be importable by name: use module-level functions, and pass only what pickle can handle.',
      );
}

function deadlock(params: FindingParams['deadlock']): string {
  if (params.kind === 'pool')
    return l10n.t(
      "Don't wait for a pool inside its own tasks: use another pool, or return the work instead of waiting for it.",
    );
  switch (params.remedy) {
    case 'sentinel':
      return params.queue === null
        ? l10n.t('Send the readers a sentinel, one None for each for example, before joining them.')
        : l10n.t(
            'Put a sentinel into {0} for its readers, one None for each for example, before joining them.',
            channelName(params.queue),
          );
    case 'task_done':
      return l10n.t('Call task_done() for every item, also when handling it fails.');
    case 'rlock':
      return l10n.t('Use an RLock where a function that holds the lock calls another one that acquires it.');
    case 'lock order':
      return l10n.t('Acquire the locks in the same order everywhere.');
    case 'break':
      return l10n.t('Break the cycle: let one of them go first, or use a timeout.');
  }
}

function stuckGet({ ended, channel, call }: FindingParams['stuck-get']): string {
  const what = channelName(channel);
  if (call.operation === 'queue.join')
    return l10n.t('Have every consumer of {0} call task_done() for each item, in a finally block.', what);
  if (ended.length === 0)
    return l10n.t('Send a sentinel, for example None, before the last process that could send closes {0}.', what);
  return channel.queue
    ? l10n.t(
        'Find out why they ended. Have each put a sentinel into {0} in a finally block, or call get(timeout=…) and check that they are alive.',
        what,
      )
    : l10n.t(
        'Find out why they ended. Have each send a sentinel through {0} in a finally block, or call poll(timeout) and check that they are alive.',
        what,
      );
}
