import { constants } from 'node:os';
import type { Image, Process } from './processes';

/** By number; of two names of one signal the first, which is the one that people use (SIGABRT, not SIGIOT). */
const SIGNAL_NAMES = new Map(
  Object.entries(constants.signals)
    .reverse()
    .map(([name, number]) => [number, name]),
);
export function signalName(number: number): string {
  return SIGNAL_NAMES.get(number) ?? `signal ${number}`;
}

/** What a process does at a signal: calls a function of its own, nothing, what the system does, or raises KeyboardInterrupt. */
type Disposition = 'function' | 'ignore' | 'default' | 'interrupt';

/** A signal that a process handles by a function of its own. */
export interface Handler {
  readonly signal: string;
  /** The function's qualified name; '' when it is not known. */
  readonly name: string;
  /** Where it was set, as the session numbers lines. */
  readonly line: number;
}

interface Change {
  readonly at: number;
  readonly disposition: Disposition;
  readonly name: string;
  readonly line: number;
}

const NAMES: readonly string[] = ['function', 'ignore', 'default', 'interrupt'];
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
/** A timer that has gone off wakes its process within this time, ns. */
const SLACK = 1e9;

/** The signal handlers and the timers of one process image. */
export class Signals {
  /** Changes are not recorded any more. */
  unknown = false;
  private readonly changes = new Map<number, Change[]>();
  private timer: { readonly goesOffAt: number; readonly again: boolean } | null = null;
  /** When faulthandler ends the process, monotonic ns. */
  private watchdogAt = Number.NEGATIVE_INFINITY;

  changed(signal: number, change: Omit<Change, 'disposition'> & { readonly disposition: string }): void {
    if (change.disposition === 'unknown') this.unknown = true;
    if (!NAMES.includes(change.disposition)) return;
    const known = this.changes.get(signal);
    if (known === undefined) this.changes.set(signal, [change as Change]);
    else known.push(change as Change);
  }

  /** @param after ns; 0: it is disarmed. @param interval ns; 0: it goes off once */
  timerSet(at: number, after: number, interval: number): void {
    this.timer = after > 0 ? { goesOffAt: at + after, again: interval > 0 } : null;
  }

  /** @param after ns; 0: there is none any more */
  watchdogSet(at: number, after: number): void {
    this.watchdogAt = after > 0 ? at + after : Number.NEGATIVE_INFINITY;
  }

  /** The latest change of a signal up to a moment. */
  at(signal: number, moment: number): Change | undefined {
    return this.changes.get(signal)?.findLast((each) => each.at <= moment);
  }
  get signals(): Iterable<number> {
    return this.changes.keys();
  }
  /** Whether the timer will still go off. @param now monotonic ns */
  awaitsTimer(now: number): boolean {
    return this.timer !== null && (this.timer.again || this.timer.goesOffAt + SLACK > now);
  }
  /** Whether the process will be ended from within. @param now monotonic ns */
  awaitsWatchdog(now: number): boolean {
    return this.watchdogAt + SLACK > now;
  }
}

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
    const signal = signalName(number);
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
