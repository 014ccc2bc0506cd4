import type { Image, Process } from '../entities/process';
import type { Change } from '../entities/signals';

/** A signal that a process handles by a function of its own. */
export interface Handler {
  readonly signal: string;
  /** The function's qualified name; '' when it is not known. */
  readonly name: string;
  /** Where it was set, as the session numbers lines. */
  readonly line: number;
}

/** Signals whose handlers end no wait: of the terminal's size and job control, of CPU time (a wait takes none), of faults. */
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
/** Generations of forks that handlers are looked for in; a file may tell of more. */
const MAX_FORKS = 1000;

/** What an image does at a signal at a moment: what it set last, or what it has inherited from the fork. */
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

/** The signals that a process handles by functions of its own, as far as such a function may end a wait. */
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

/** Whether a timer of this process will go off, and what it does then ends the wait or the process. */
export function awaitsTimer(process: Process, now: number): boolean {
  const { image } = process;
  if (image === null) return false;
  if (image.signals.awaitsWatchdog(now)) return true;
  return image.signals.awaitsTimer(now) && dispositionOf(image, SIGALRM, now)?.disposition !== 'ignore';
}

const SIGALRM = 14;
