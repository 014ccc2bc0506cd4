import { type SignalName, signalNames } from './signalNames';

/** How a process handles a signal: its own function, ignored, the system's default, or KeyboardInterrupt. */
type Disposition = 'function' | 'ignore' | 'default' | 'interrupt';

/** A process's change of a signal's disposition, at a moment in monotonic ns. */
export interface Change {
  readonly at: number;
  readonly disposition: Disposition;
  readonly name: string;
  readonly line: number;
}

const NAMES: readonly string[] = ['function', 'ignore', 'default', 'interrupt'];
/** A timer that fires wakes its process within this time, ns. */
const SLACK = 1e9;

/** The signal handlers and the timers of one process image. */
export class Signals {
  /** Changes are no longer recorded. */
  unknown = false;
  private readonly changes = new Map<number, Change[]>();
  private timer: { readonly goesOffAt: number; readonly again: boolean } | null = null;
  /** When faulthandler ends the process, monotonic ns. */
  private watchdogAt = Number.NEGATIVE_INFINITY;

  /** @param nameOf names of signals on the program's platform */
  constructor(readonly nameOf: SignalName = signalNames('linux')) {}

  changed(signal: number, change: Omit<Change, 'disposition'> & { readonly disposition: string }): void {
    if (change.disposition === 'unknown') this.unknown = true;
    if (!NAMES.includes(change.disposition)) return;
    const known = this.changes.get(signal);
    if (known === undefined) this.changes.set(signal, [change as Change]);
    else known.push(change as Change);
  }

  /** @param after ns; 0: disarmed. @param interval ns; 0: it fires once */
  timerSet(at: number, after: number, interval: number): void {
    this.timer = after > 0 ? { goesOffAt: at + after, again: interval > 0 } : null;
  }

  /** @param after ns; 0: cancelled */
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
  /** Whether the timer will still fire. @param now monotonic ns */
  awaitsTimer(now: number): boolean {
    return this.timer !== null && (this.timer.again || this.timer.goesOffAt + SLACK > now);
  }
  /** Whether the watchdog will end the process. @param now monotonic ns */
  awaitsWatchdog(now: number): boolean {
    return this.watchdogAt + SLACK > now;
  }
}
