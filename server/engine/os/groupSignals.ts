/**
 * The signals that a supervising process handles: all of which a handler of Node's can be sure. They may be meant for the program: sent to
 * the process group, which the program is in, or to this process as the one that the user started.
 */
import { constants } from 'node:os';

/**
 * SIGKILL and SIGSTOP cannot be handled. The five of faults are left alone: a handler would go round for ever in a fault of our own. Ignored
 * by default are SIGCHLD and SIGURG.
 */
const LEFT_ALONE: readonly string[] = [
  ...['SIGKILL', 'SIGSTOP', 'SIGSEGV', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGTRAP', 'SIGCHLD', 'SIGURG'],
  // Other names of signals that are in the list, or of none.
  ...['SIGIOT', 'SIGPOLL', 'SIGUNUSED', 'SIGCLD', 'SIGINFO', 'SIGLOST', 'SIGBREAK'],
];

const GROUP_SIGNALS: readonly NodeJS.Signals[] =
  process.platform === 'win32'
    ? ['SIGINT']
    : (Object.keys(constants.signals) as NodeJS.Signals[]).filter((name) => !LEFT_ALONE.includes(name));

/** Those by which somebody asks a program to end. */
export const ENDING_SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];

/** Calls `take` with each of these signals from now on, instead of what the signal does by itself, until the answer is called. */
export function takeSignals(take: (name: NodeJS.Signals, number: number) => void): () => void {
  const listener = (name: NodeJS.Signals, number: number) => take(name, number);
  for (const name of GROUP_SIGNALS) process.on(name, listener);
  return () => {
    for (const name of GROUP_SIGNALS) process.off(name, listener);
  };
}

/** Ends this process as that signal does. Returns only when it cannot: the signal is ignored in a way that Node does not undo. */
export function dieBy(number: number): void {
  const name = Object.entries(constants.signals).find(([, each]) => each === number)?.[0] as NodeJS.Signals | undefined;
  if (name !== undefined && name !== 'SIGKILL' && name !== 'SIGSTOP') {
    process.removeAllListeners(name);
    // The end of a listener leaves the system's own answer, also to a signal that Node ignores.
    const listener = () => {};
    process.on(name, listener);
    process.off(name, listener);
  }
  process.kill(process.pid, number);
}
