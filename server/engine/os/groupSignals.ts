/**
 * The signals that a supervising process handles: all that Node can handle reliably. They may be meant for the program:
 * sent to the process group, which includes the program, or to this process as the one that the user started.
 */
import { constants } from 'node:os';

/**
 * SIGKILL and SIGSTOP cannot be handled. The five fault signals are left alone: a handler would loop forever on a fault
 * of our own. SIGCHLD and SIGURG are ignored by default.
 */
const LEFT_ALONE: readonly string[] = [
  ...['SIGKILL', 'SIGSTOP', 'SIGSEGV', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGTRAP', 'SIGCHLD', 'SIGURG'],
  // Aliases of listed signals, and names without a signal on this system.
  ...['SIGIOT', 'SIGPOLL', 'SIGUNUSED', 'SIGCLD', 'SIGINFO', 'SIGLOST', 'SIGBREAK'],
];

const GROUP_SIGNALS: readonly NodeJS.Signals[] =
  process.platform === 'win32'
    ? ['SIGINT']
    : (Object.keys(constants.signals) as NodeJS.Signals[]).filter((name) => !LEFT_ALONE.includes(name));

/** The signals that request a program to end. */
export const ENDING_SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];

/** Calls `take` for each of these signals, instead of its default action, until the returned function is called. */
export function takeSignals(take: (name: NodeJS.Signals, number: number) => void): () => void {
  const listener = (name: NodeJS.Signals, number: number) => take(name, number);
  for (const name of GROUP_SIGNALS) process.on(name, listener);
  return () => {
    for (const name of GROUP_SIGNALS) process.off(name, listener);
  };
}

/**
 * Ends this process by that signal. Returns only if that fails: the signal is ignored in a way that Node does not undo.
 */
export function dieBy(number: number): void {
  const name = Object.entries(constants.signals).find(([, each]) => each === number)?.[0] as NodeJS.Signals | undefined;
  if (name !== undefined && name !== 'SIGKILL' && name !== 'SIGSTOP') {
    process.removeAllListeners(name);
    // Removing a listener restores the default action, also of a signal that Node ignores.
    const listener = () => {};
    process.on(name, listener);
    process.off(name, listener);
  }
  process.kill(process.pid, number);
}
