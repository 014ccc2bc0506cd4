import { OWN_THREAD_MODULES } from '../../protocol/libraries';
import type { ForkThread } from '../model/entities/process';
import { isServantTarget } from '../model/query/servants';
import type { SessionModel, ThreadedFork } from '../model/state/sessionModel';
import { count, list, who } from './text';
import type { Check, Draft, Scene } from './types';

/** A process was forked while other threads of the user's ran: locks that they held stay locked in the child. */
export const forkWithThreads: Check = { code: 'fork-with-threads', kind: 'fact', check };

/** A child that did nothing for so long may hang in a lock, ns. */
const QUIET = 1e9;
/** Of its time a child that hangs computes less than this part. */
const IDLE = 0.1;
/** Where packages of others are installed. */
const INSTALLED = /[\\/](site|dist)-packages[\\/]/;
/** Modules whose threads the fork's own library looks after, or which hold nothing that a child would want. */
const HARMLESS = new RegExp(`^(${OWN_THREAD_MODULES.map((each) => each.replaceAll('.', '\\.')).join('|')})\\b`);

function check({ model, now }: Scene): Draft[] {
  const isOwn = (line: number) => !INSTALLED.test(model.locations.line(line)?.file ?? '');
  const groups = new Map<string, ThreadedFork[]>();
  for (const fork of model.threadedForks) {
    // A fork of the library's own (a pool replaces a worker) runs no code of the user's between fork and exec or start.
    if (fork.line === 0 || usersThreads(fork).length === 0) continue;
    // What packages do among themselves nobody can mend, and it mostly goes well; a child that hangs is another matter.
    const ownFork = isOwn(fork.line);
    const ownThread = usersThreads(fork).some((each) => isOwn(each.line));
    if (!(ownFork && ownThread) && !((ownFork || ownThread) && isQuiet(model, fork, now))) continue;
    const key = `${fork.parent.id} ${fork.line}`;
    groups.set(key, [...(groups.get(key) ?? []), fork]);
  }
  return [...groups].map(([key, forks]) => {
    const hung = forks.find((each) => isQuiet(model, each, now));
    const fork = hung ?? (forks[0] as ThreadedFork);
    const { parent, child, line, at } = fork;
    const threads = usersThreads(fork);
    const names = list(threads.slice(0, 4).map((each) => each.name || each.target));
    const doubt =
      hung === undefined
        ? 'a lock that one of them held stays locked in the child for ever'
        : `${who(child)} has done nothing since: it may wait for a lock that one of them held, and which nobody will release`;
    const times = forks.length > 1 ? ` (and ${count(forks.length - 1, 'more fork')} here)` : '';
    return {
      key,
      severity: 'warning',
      message: `${who(parent)} forked ${who(child)}${times} while ${threads.length === 1 ? 'thread' : 'threads'} ${names} ran: ${doubt}.`,
      advice:
        "Start processes before threads, or use multiprocessing.set_start_method('spawn') or 'forkserver', which copy no locks.",
      processes: [parent, child],
      evidence: [
        { line, caption: `${who(parent)} forks here`, process: parent },
        ...threads.slice(0, 4).map((each) => ({
          line: each.line,
          caption: `thread ${each.name || each.target} was here at the fork`,
          process: parent,
        })),
      ],
      since: at,
    };
  });
}

function usersThreads(fork: ThreadedFork): ForkThread[] {
  return fork.threads.filter(
    (each) => each.line !== 0 && !isServantTarget(each.target, each.name) && !HARMLESS.test(each.target),
  );
}

/** The child lives, and its main thread never came to anything that is recorded. */
function isQuiet({ blocked }: SessionModel, { child, at }: ThreadedFork, now: number): boolean {
  const age = now - at;
  const computes = child.cpuSeconds !== null && child.cpuSeconds * 1e9 > age * IDLE;
  return !child.ended && blocked.of(child).length === 0 && child.lastLoc === 0 && age > QUIET && !computes;
}
