import { type SignalName, signalNames } from './signalNames';

/** What a process does at a signal: calls a function of its own, nothing, what the system does, or raises KeyboardInterrupt. */
type Disposition = 'function' | 'ignore' | 'default' | 'interrupt';

/** What a process set for a signal, at a moment in monotonic ns. */
export interface Change {
  readonly at: number;
  readonly disposition: Disposition;
  readonly name: string;
  readonly line: number;
}

const NAMES: readonly string[] = ['function', 'ignore', 'default', 'interrupt'];
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

  /** @param nameOf the names of signals where the process runs */
  constructor(readonly nameOf: SignalName = signalNames('linux')) {}

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
