import { constants } from 'node:os';

/** How a program ended, as its parent saw it; both null: nobody saw it. */
export interface ProgramEnd {
  readonly exitCode: number | null;
  /** A name of this system's, or "signal 35" where it has none. */
  readonly signal: string | null;
}

/** The number of a signal as `ProgramEnd` names it; 0: this system has none of that name. */
export function signalNumber(name: string): number {
  return constants.signals[name as NodeJS.Signals] ?? (Number(/^signal (\d+)$/.exec(name)?.[1]) || 0);
}

/** What a shell would show: the exit code, or 128 + n for signal n; 1 when nobody saw how it ended, or the signal is not known here. */
export function shellStatus({ exitCode, signal }: ProgramEnd): number {
  if (signal === null) return exitCode ?? 1;
  const number = signalNumber(signal);
  return number > 0 ? 128 + number : 1;
}
