import { OWN_THREAD_MODULES } from '../../protocol/libraries';
import type { ForkThread } from '../model/entities/process';
import { isServantTarget } from '../model/query/servants';
import type { SessionModel, ThreadedFork } from '../model/state/sessionModel';
import { doesHere } from './evidence';
import { processRef } from './refs';
import type { Candidate, Check, CheckContext, Evidence } from './types';

/** A process was forked while other user threads ran. Locks that they held stay locked in the child. */
export const forkWithThreads: Check<'fork-with-threads'> = { code: 'fork-with-threads', kind: 'fact', check };

/** A child without activity for this long may hang in a lock, ns. */
const QUIET = 1e9;
/** A hanging child computes for less than this share of its time. */
const IDLE = 0.1;
/** Where third-party packages are installed. */
const INSTALLED = /[\\/](site|dist)-packages[\\/]/;
/** Modules whose threads are handled by the library that forks, or hold nothing that a child needs. */
const HARMLESS = new RegExp(`^(${OWN_THREAD_MODULES.map((each) => each.replaceAll('.', '\\.')).join('|')})\\b`);

function check({ model, now }: CheckContext): Candidate<'fork-with-threads'>[] {
  const isOwn = (line: number) => !INSTALLED.test(model.locations.line(line)?.file ?? '');
  const groups = new Map<string, ThreadedFork[]>();
  for (const fork of model.threadedForks) {
    // A fork by the library itself (a pool replaces a worker) runs no user code between fork and exec or start.
    if (fork.line === 0 || usersThreads(fork).length === 0) continue;
    // The user cannot fix forks inside packages, and most of them are harmless. They count only when the child hangs.
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
    const shown = threads.slice(0, 4).map(({ name, target, line }) => ({ name: name || target, line }));
    return {
      key,
      severity: 'warning',
      params: {
        parent: processRef(parent),
        child: processRef(child),
        others: forks.length - 1,
        threads: shown.map((each) => each.name),
        quiet: hung !== undefined,
      },
      processes: [parent, child],
      evidence: [
        doesHere('forks', parent, line),
        ...shown.map(
          ({ name, line }): Evidence => ({ line, caption: { kind: 'thread at fork', thread: name }, process: parent }),
        ),
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

/** The child is alive, and its main thread has not reached any recorded operation. */
function isQuiet({ blocked }: SessionModel, { child, at }: ThreadedFork, now: number): boolean {
  const age = now - at;
  const computes = child.cpuSeconds !== null && child.cpuSeconds * 1e9 > age * IDLE;
  return !child.ended && blocked.of(child).length === 0 && child.lastLoc === 0 && age > QUIET && !computes;
}
