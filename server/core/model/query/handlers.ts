import type { Image, Process } from '../entities/process';
import type { Change } from '../entities/signals';

/** A signal that a process handles with its own function. */
export interface Handler {
  readonly signal: string;
  /** The function's qualified name; '' if unknown. */
  readonly name: string;
  /** Line where the handler was set, by the session's number. */
  readonly line: number;
}

/** Signals whose handlers end no wait: terminal size, job control, CPU time (a wait uses none) and faults. */
const IDLE = new Set([
  'SIGWINCH',
  'SIGCONT',
  'SIGTSTP',
  'SIGTTIN',
  'SIGTTOU',
  'SIGPROF',
  'SIGVTALRM',
  'SIGXCPU',
  'SIGPIPE',
]);
const FAULTS = new Set(['SIGSEGV', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGABRT', 'SIGTRAP', 'SIGSYS']);
/** Maximum generations of forks to search for handlers; a file may claim more. */
const MAX_FORKS = 1000;

/** An image's disposition for a signal at a moment: its own latest change, or the one inherited at the fork. */
function dispositionOf(image: Image, signal: number, moment: number): Change | null {
  let until = moment;
  let each: Image | null = image;
  for (let forks = 0; each !== null && forks < MAX_FORKS; forks++) {
    const found = each.signals.at(signal, until);
    if (found !== undefined) return found;
    until = Math.min(until, each.forkedAt);
    each = each.parent;
  }
  return null;
}

/** The signals that a process handles with its own functions and whose handlers may end a wait. */
export function handlersOf(process: Process, moment = Number.POSITIVE_INFINITY): Handler[] {
  const { image } = process;
  if (image === null) return [];
  const numbers = new Set<number>();
  let forks = 0;
  for (let each: Image | null = image; each !== null && forks < MAX_FORKS; each = each.parent, forks++)
    for (const number of each.signals.signals) numbers.add(number);
  return [...numbers].flatMap((number) => {
    const signal = image.signals.nameOf(number);
    const found = IDLE.has(signal) || FAULTS.has(signal) ? null : dispositionOf(image, number, moment);
    return found?.disposition === 'function' ? [{ signal, name: found.name, line: found.line }] : [];
  });
}

/** Whether a timer of this process will fire and then end the wait or the process. */
export function awaitsTimer(process: Process, now: number): boolean {
  const { image } = process;
  if (image === null) return false;
  if (image.signals.awaitsWatchdog(now)) return true;
  return image.signals.awaitsTimer(now) && dispositionOf(image, SIGALRM, now)?.disposition !== 'ignore';
}

const SIGALRM = 14;
